// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The limits that one class of work pays, as the integers the law computes with; made by {@link Policy}.
 *
 * @param name of the class
 * @param version of the policy; the highest one seen rules a scope, so a rolling update cannot flip it between two
 * @param staggerTicks how far a unit may fall due later on one rate than on another
 */
public record Tariff(String name, long version, List<Rate> rates, List<Quota> quotas, long staggerTicks) {
    /**
     * One timeline.
     *
     * @param interval ticks from one unit to the next
     * @param tolerance ticks the timeline may run ahead: the burst
     * @param over how this rate stands to each rate of the tariff
     */
    public record Rate(String id, long interval, long tolerance, List<Reach> over) {
        public Rate {
            over = List.copyOf(over);
        }

        Reach over(int other) {
            return over.get(other);
        }
    }

    /** How a rate stands to another one. */
    public enum Reach {
        /** Some work pays the other only. A unit may not fall due much later here than there. */
        NONE('0'),
        /** All work that pays the other pays this one too: the other's timeline follows when this one is in debt. */
        COVERS('1'),
        /** It covers the other and is at least as strict: a unit may wait here as long as it must. */
        GOVERNS('2');

        private final char digit;

        Reach(char digit) {
            this.digit = digit;
        }

        /** As the script knows it. */
        public char digit() {
            return digit;
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

    static Tariff of(String name, long version, List<Limit> limits, Covers covers) {
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
        return new Tariff(name, version, rates, quotas, stagger);
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
                        rate.over()))
                .toList();
        var small = quotas.stream()
                .map(quota -> new Quota(
                        quota.id(),
                        quota.permits() * perMille / (nodes * ScopeLaw.FACTOR_FULL),
                        quota.bucketTicks(),
                        quota.buckets()))
                .toList();
        return new Tariff(name, version, slow, small, staggerTicks);
    }

    /** Most units that can ever be granted at once with this much ahead, and be good at one instant. */
    long weightMax(long aheadTicks) {
        var max = ScopeLaw.WANT_MAX;
        for (var rate : rates) {
            max = Math.min(max, 1 + Math.max(rate.tolerance(), holdTicks()) / rate.interval());
            var ahead = rate.over().contains(Reach.NONE) ? staggerTicks : aheadTicks;
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
        var over = new ArrayList<Reach>(all.size());
        for (var other : all) {
            over.add(covers.test(limit, other) ? reach(limit, other) : Reach.NONE);
        }
        return new Rate(limit.id(), limit.interval(), limit.tolerance(), over);
    }

    private static Reach reach(Limit broad, Limit narrow) {
        return broad.worstIn(narrow.window()) <= narrow.worst() ? Reach.GOVERNS : Reach.COVERS;
    }

    private static Quota quota(Limit limit) {
        var buckets = limit.window().compareTo(Duration.ofHours(1)) <= 0 ? 60 : 24;
        // A unit may be used some time after it was counted: the buckets cover that too.
        var width = Math.ceilDiv(Ticks.of(limit.window()) + Ticks.of(limit.lateness()), (long) buckets);
        return new Quota(limit.id() + "@" + limit.window().toSeconds(), limit.permits(), width, buckets);
    }
}
