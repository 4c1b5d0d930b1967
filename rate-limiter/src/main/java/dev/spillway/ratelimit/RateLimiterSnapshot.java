// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.time.Duration;

/**
 * What one node knows about a scope, for an operator's eyes.
 *
 * @param factor share of the nominal rate in force, 0..1
 * @param pause what is left of it, zero if none
 */
public record RateLimiterSnapshot(
        Scope scope, StoreState store, long epoch, double factor, Duration pause, int waiting, long unitsInHand) {
    /** How the node stands with the store. */
    public enum StoreState {
        CONNECTED,
        /** Silent for a moment: nothing new is granted. */
        SUSPECT,
        /** Silent for longer: a safe share of each limit is granted without it. */
        DEGRADED,
        /** Back for less than a second: small batches. */
        RECOVERING
    }
}
