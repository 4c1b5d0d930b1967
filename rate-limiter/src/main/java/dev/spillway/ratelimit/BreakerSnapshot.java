// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.time.Duration;

/**
 * How a breaker stands on one node.
 *
 * @param left until a probe may be due, or an operator's word ends; zero if that is not known
 */
public record BreakerSnapshot(BreakerKey key, State state, long generation, Duration left) {
    /** Who decides. */
    public enum State {
        /** Calls pass, this node judges them. */
        CLOSED,
        /** This node's own detector refuses; the others go on. */
        OPEN_HERE,
        /** No node calls, but for the probe. */
        OPEN,
        /** An operator lets calls pass whatever comes of them. */
        HELD_CLOSED
    }
}
