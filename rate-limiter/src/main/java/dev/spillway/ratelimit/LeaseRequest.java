// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

/**
 * A node asks for units of a scope.
 *
 * @param node a random number of 48 bits that no other node has; {@link #NOBODY} only looks, and nothing is written
 * @param need fewest units that are of use; with fewer nothing is granted and nothing written
 * @param want most units
 * @param aheadTicks how far after the lead the last unit may fall due: 0 is a plain "then or not", more reserves
 * @param leadTicks how far in the future the first unit may fall due at the earliest: time for work before the use
 */
public record LeaseRequest(
        Scope scope, Tariff tariff, long node, long need, long want, long aheadTicks, long leadTicks) {
    /** Asks how a request would be answered. */
    public static final long NOBODY = 0;

    public LeaseRequest {
        if (need < 1 || want < need || want > ScopeLaw.WANT_MAX) {
            throw new IllegalArgumentException("need: " + need + ", want: " + want + " (expected: 1 <= need <= want <= "
                    + ScopeLaw.WANT_MAX + ")");
        }
        if (aheadTicks < 0 || leadTicks < 0 || aheadTicks + leadTicks > ScopeLaw.AHEAD_MAX) {
            throw new IllegalArgumentException("aheadTicks: " + aheadTicks + ", leadTicks: " + leadTicks
                    + " (expected: 0 or more, 10 s together)");
        }
    }

    /** For units that may be used at once. */
    public LeaseRequest(Scope scope, Tariff tariff, long node, long need, long want, long aheadTicks) {
        this(scope, tariff, node, need, want, aheadTicks, 0);
    }
}
