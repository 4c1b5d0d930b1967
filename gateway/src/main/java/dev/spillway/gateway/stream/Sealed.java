// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

/** How a reply ended, for good. */
public sealed interface Sealed {
    /** The attempt that ended it. */
    ReplyAttempt attempt();

    /** The epoch of the row it was journaled under. */
    long epoch();

    /** The platform has it. */
    record Sent(ReplyAttempt attempt, long epoch) implements Sealed {}

    /** It never will be sent, and is kept for a person to look at. */
    record Refused(ReplyAttempt attempt, long epoch, String reason, byte[] bytes) implements Sealed {}
}
