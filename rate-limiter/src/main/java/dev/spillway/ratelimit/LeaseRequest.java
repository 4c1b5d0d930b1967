// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

/**
 * A node asks for units of a scope.
 *
 * @param node a random number of 48 bits that no other node has
 * @param need fewest units that are of use; with fewer nothing is granted and nothing written
 * @param want most units
 * @param aheadTicks how far in the future the last unit may fall due: 0 is a plain "now or not", more reserves
 */
public record LeaseRequest(Scope scope, Tariff tariff, long node, long need, long want, long aheadTicks) {
    public LeaseRequest {
        if (need < 1 || want < need || want > ScopeLaw.WANT_MAX) {
            throw new IllegalArgumentException("need: " + need + ", want: " + want + " (expected: 1 <= need <= want <= "
                    + ScopeLaw.WANT_MAX + ")");
        }
        if (aheadTicks < 0 || aheadTicks > ScopeLaw.AHEAD_MAX) {
            throw new IllegalArgumentException("aheadTicks: " + aheadTicks + " (expected: 0..10 s)");
        }
    }
}
