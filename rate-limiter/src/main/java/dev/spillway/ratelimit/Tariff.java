// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The limits that one class of work pays, as the integers the law computes with; made by {@link Policy}.
 *
 * @param version of the policy; the highest one seen rules a scope, so a rolling update cannot flip it between two
 * @param staggerTicks how far a unit may fall due later on one rate than on another
 */
public record Tariff(long version, List<Rate> rates, List<Quota> quotas, long staggerTicks) {
    /**
     * One timeline.
     *
     * @param interval ticks from one unit to the next
     * @param tolerance ticks the timeline may run ahead: the burst
     * @param mayDelay for each rate of the tariff whether this one may make a unit late on it: only a rate that covers all
     *     its work and is at least as strict
     */
    public record Rate(String id, long interval, long tolerance, List<Boolean> mayDelay) {
        public Rate {
            mayDelay = List.copyOf(mayDelay);
        }
    }

    /**
     * One rolling count.
     *
     * @param id with the window's seconds, because another window needs other buckets
     * @param bucketTicks width of a bucket
     * @param buckets how many of them make the window; one more is kept
     */
    public record Quota(String id, long permits, long bucketTicks, int buckets) {}

    public Tariff {
        rates = List.copyOf(rates);
        quotas = List.copyOf(quotas);
    }

    static Tariff of(long version, List<Limit> limits, Covers covers) {
        var paced = limits.stream().filter(limit -> limit.mode() != Mode.QUOTA).toList();
        var rates = paced.stream().map(limit -> rate(limit, paced, covers)).toList();
        var quotas = limits.stream()
                .filter(limit -> limit.mode() == Mode.QUOTA)
                .map(Tariff::quota)
                .toList();
        var stagger = paced.stream()
                .mapToLong(limit -> Ticks.of(limit.lateness()) / 6)
                .min()
                .orElse(0);
        return new Tariff(version, rates, quotas, stagger);
    }

    /**
     * A part of every limit without any burst, for a node that cannot ask.
     *
     * @param nodes that share the part
     * @param perMille the part, in thousandths, at least 1
     */
    Tariff share(long nodes, long perMille) {
        var slow = rates.stream()
                .map(rate -> new Rate(
                        rate.id(),
                        Math.ceilDiv(rate.interval() * nodes * ScopeLaw.FACTOR_FULL, perMille),
                        0,
                        rate.mayDelay()))
                .toList();
        var small = quotas.stream()
                .map(quota -> new Quota(
                        quota.id(),
                        quota.permits() * perMille / (nodes * ScopeLaw.FACTOR_FULL),
                        quota.bucketTicks(),
                        quota.buckets()))
                .toList();
        return new Tariff(version, slow, small, staggerTicks);
    }

    /** Most units that can ever be granted at once with this much ahead. */
    long weightMax(long aheadTicks) {
        var max = ScopeLaw.WANT_MAX;
        for (var rate : rates) {
            var ahead = rate.mayDelay().contains(false) && rates.size() > 1 ? staggerTicks : aheadTicks;
            max = Math.min(max, Math.floorDiv(rate.tolerance() + ahead, rate.interval()) + 1);
        }
        for (var quota : quotas) {
            max = Math.min(max, quota.permits());
        }
        return max;
    }

    /** Of the slowest rate, in ticks; 1 without any. */
    long slowestInterval() {
        return rates.stream().mapToLong(Rate::interval).max().orElse(1);
    }

    /** How long a node may hold a due unit: half of the strictest lateness, which is six times the stagger. */
    long holdTicks() {
        return rates.isEmpty() ? Ticks.PER_SECOND : 3 * staggerTicks;
    }

    /** Whether every class of work that pays the narrow limit pays the broad one too. */
    interface Covers {
        boolean test(Limit broad, Limit narrow);
    }

    private static Rate rate(Limit limit, List<Limit> all, Covers covers) {
        var mayDelay = new ArrayList<Boolean>(all.size());
        for (var other : all) {
            mayDelay.add(covers.test(limit, other) && limit.worstIn(other.window()) <= other.worst());
        }
        return new Rate(limit.id(), limit.interval(), limit.tolerance(), mayDelay);
    }

    private static Quota quota(Limit limit) {
        var buckets = limit.window().compareTo(Duration.ofHours(1)) <= 0 ? 60 : 24;
        // A unit may be used some time after it was counted: the buckets cover that too.
        var width = Math.ceilDiv(Ticks.of(limit.window()) + Ticks.of(limit.lateness()), (long) buckets);
        return new Quota(limit.id() + "@" + limit.window().toSeconds(), limit.permits(), width, buckets);
    }
}
