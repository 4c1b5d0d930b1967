// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

/**
 * A node's word on a shared breaker.
 *
 * @param node a random number of 48 bits that no other node has
 * @param activeNodes for a vote: nodes that could have voted, as far as this one knows; else 0
 * @param generation of the permission whose call ended; else 0
 * @param ticks by kind: how long the probe may take, or how long an operator's word holds
 */
public record BreakerCall(BreakerKey key, long node, Kind kind, long activeNodes, long generation, long ticks) {
    /** The number is its name in the script. */
    public enum Kind {
        /** How does it stand? Writes nothing. */
        LOOK(1),
        /** My calls fail: open it for all. */
        VOTE(2),
        /** Give me the probe, if it is due. */
        PROBE(3),
        PROBE_SUCCEEDED(4),
        PROBE_FAILED(5),
        /** An operator: open until the time has passed, whatever the calls say. */
        FORCE_OPEN(6),
        /** An operator: closed, and what was known is forgotten; votes are not heard until the time has passed. */
        FORCE_CLOSED(7),
        /** The probe was not sent after all: another node may have it. */
        PROBE_RETURNED(8);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        /** As the script knows it. */
        public int number() {
            return number;
        }
    }
}
