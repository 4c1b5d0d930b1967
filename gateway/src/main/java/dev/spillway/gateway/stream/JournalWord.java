// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

/** What the journal says to a reply about to be sent. */
public enum JournalWord {
    /** It is journaled as being sent: send it now. */
    SEND,
    /** It was sent, or refused for good, before. */
    FINISHED,
    /** An earlier attempt may have left, and nobody knows. */
    IN_DOUBT
}
