// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import dev.spillway.gateway.messenger.Event;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * An event on its way to a bot.
 *
 * @param earlier with {@code coalesce}: messages of the same person right before it, oldest first, to which the verdict
 *     goes as well; else empty
 * @param attempt 1 for the first run of this event by this process
 * @param replyBy until when the platform accepts a reply to it
 */
public record Delivery(Event event, List<Event> earlier, int attempt, Instant replyBy) {
    public Delivery {
        earlier = List.copyOf(earlier);
    }

    /** All that the verdict is about, oldest first. */
    public List<Event> events() {
        return Stream.concat(earlier.stream(), Stream.of(event)).toList();
    }
}
