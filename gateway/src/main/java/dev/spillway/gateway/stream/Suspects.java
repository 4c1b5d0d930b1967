// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import dev.spillway.gateway.messenger.EventKey;
import java.util.List;

/**
 * The events that a holder said it would run, before it died.
 *
 * @param running they, in order; none if it died of nothing that was noted
 * @param crashes how many holders in a row died of the one event there is; 0 if there are several
 */
public record Suspects(List<EventKey> running, int crashes) {
    /** Nothing is suspected. */
    public static final Suspects NONE = new Suspects(List.of(), 0);

    public Suspects {
        running = List.copyOf(running);
    }
}
