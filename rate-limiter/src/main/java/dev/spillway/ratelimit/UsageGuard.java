// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

/**
 * The factor that usage of the party's own rolling limit allows: full to 70 per cent, then linear to a tenth at 95.
 *
 * <p>Usage is a rolling integral of the rate and this function falls with it, so there is one equilibrium below 100 per cent
 * and no gain makes it swing for ever.
 */
final class UsageGuard {
    private static final double FREE = 70;
    private static final double STEEP = 95;
    private static final double AT_STEEP = 100;

    private UsageGuard() {}

    /** In thousandths. */
    static long factor(double percent) {
        if (!(percent > FREE)) {
            return ScopeLaw.FACTOR_FULL;
        }
        if (percent >= 100) {
            return ScopeLaw.FACTOR_MIN;
        }
        var slope = (ScopeLaw.FACTOR_FULL - AT_STEEP) / (STEEP - FREE);
        return Math.max(ScopeLaw.FACTOR_MIN, (long) (ScopeLaw.FACTOR_FULL - (percent - FREE) * slope));
    }
}
