// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.util.List;

/** An event that a subscription is done with. */
public sealed interface Finished {
    /** The event as the guard knows it. */
    Guarded event();

    /**
     * It was handled.
     *
     * @param replies records for the reply stream, one JSON line each, in order
     */
    record Done(Guarded event, List<byte[]> replies) implements Finished {}

    /**
     * It cannot be handled, and is kept for a person to look at.
     *
     * @param reason a short code, and what it is about
     * @param attempts how often the bot was asked
     * @param bytes the event's own line
     */
    record Dead(Guarded event, String reason, int attempts, byte[] bytes) implements Finished {}
}
