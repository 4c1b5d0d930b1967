// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.gateway.messenger.Bucket;
import dev.spillway.gateway.messenger.EventKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What of the older generations a subscription of the model still knows after a reset. */
final class ModelReset {
    private static final Pattern EVENT = Pattern.compile("\\{\"id\":\"([0-9a-f]{32})\",\"bucket\":\"(\\w+)\"}");

    /** Up to where they had read. */
    final String upto;
    /** What they had not finished there. */
    final Map<EventKey, Guarded> open = new HashMap<>();

    ModelReset(String upto) {
        this.upto = upto;
    }

    /** The events of a batch that can be read. */
    static List<Guarded> events(byte[] batch) {
        return new String(batch, UTF_8)
                .lines()
                .map(EVENT::matcher)
                .filter(event -> event.matches())
                .map(event -> new Guarded(EventKey.ofHex(event.group(1)), Bucket.ofWire(event.group(2))))
                .toList();
    }

    void note(Guarded event) {
        open.put(event.key(), event);
    }

    Replayed told() {
        return new Replayed(upto, open.keySet());
    }

    static String later(String one, String other) {
        return Bell.ORDER.compare(one, other) >= 0 ? one : other;
    }
}
