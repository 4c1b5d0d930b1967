// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

/** A reply's row in the journal. */
public record JournalRow(State state, long epoch, int attempt) {
    /** How far the reply has come. */
    public enum State {
        /** No attempt is known. */
        NONE,
        SENDING,
        /** It left: an echo, or a late word of an earlier holder, says so. */
        SEEN,
        DONE,
        REFUSED,
        PARKED
    }
}
