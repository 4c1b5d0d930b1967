// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.util.Map;

/** One rate as this request sees it; the offset counts from the end of the request's lead. */
record RateLine(Tariff.Rate rate, long tat, long offset, long interval) {
    static RateLine of(
            Map<String, Long> state, ScopeLaw.Clock clock, long lead, Tariff.Rate rate, long factor, boolean older) {
        var from = clock.now() + lead;
        var nominal = older ? state.getOrDefault("i:" + rate.id(), rate.interval()) : rate.interval();
        var tolerance = older ? state.getOrDefault("u:" + rate.id(), rate.tolerance()) : rate.tolerance();
        var stored = state.get("t:" + rate.id());
        // A missing key grants one unit, not a burst: state may have been lost while units were out.
        var tat = stored == null ? from + tolerance : stored - clock.shift();
        if (tat > clock.now() + tolerance + ScopeLaw.SLOWEST * nominal + ScopeLaw.AHEAD_MAX) {
            tat = from + tolerance + nominal; // corrupt: further ahead than any grant can reach
        }
        tat = Math.max(tat, from);
        return new RateLine(rate, tat, tat - from - tolerance, Math.ceilDiv(nominal * ScopeLaw.FACTOR_FULL, factor));
    }

    /** Not earlier and not faster than a rate in debt; the burst is forgone, the debt would not let it happen. */
    RateLine following(RateLine broad, long stagger) {
        var later = Math.max(offset, broad.offset - stagger);
        return new RateLine(rate, tat + later - offset, later, Math.max(interval, broad.interval));
    }

    long fits(long ahead) {
        return offset > ahead ? 0 : Math.floorDiv(ahead - offset, interval) + 1;
    }

    /** Ticks until unit k falls due within {@code ahead}; not positive if it does already. */
    long waitFor(long k, long ahead) {
        return offset + (k - 1) * interval - ahead;
    }

    /** How many units fall due at most {@code stagger} later here than there, counted without a gap. */
    long fitsBeside(RateLine other, long stagger) {
        var fits = fits(stagger);
        var gap = offset - other.offset;
        if (gap > stagger) {
            return fits;
        }
        return interval <= other.interval
                ? Long.MAX_VALUE
                : Math.max(fits, Math.floorDiv(stagger - gap, interval - other.interval) + 1);
    }
}
