// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import dev.spillway.gateway.messenger.EventKey;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which events of a partition a subscription's older generation had finished when it was reset.
 *
 * @param upto the last entry that the older generation was given
 * @param open events up to there that it had not finished
 */
public record Replayed(String upto, Set<EventKey> open) {
    private static final int KEY_BYTES = 16;

    /** None. */
    public static final Replayed NOTHING = new Replayed("0-0", Set.of());

    /** Whether this event of this entry is read again. */
    public boolean includes(String entryId, EventKey key) {
        return Bell.ORDER.compare(entryId, upto) <= 0 && !open.contains(key);
    }

    static Replayed of(Map<byte[], byte[]> noted) {
        var upto = "0-0";
        var open = new HashSet<EventKey>();
        for (var field : noted.entrySet()) {
            if (field.getKey().length == KEY_BYTES) {
                open.add(EventKey.of(field.getKey()));
            } else {
                upto = new String(field.getValue(), StandardCharsets.UTF_8);
            }
        }
        return new Replayed(upto, Set.copyOf(open));
    }
}
