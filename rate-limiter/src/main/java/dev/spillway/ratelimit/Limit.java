// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * At most {@code permits} in a {@code window}: a value, in the words of whoever states the limit.
 *
 * @param id the name under which all nodes share it; unique in a {@link Policy}
 * @param permits how many uses a window allows
 * @param window its length; for {@link Mode#QUOTA} part of the shared name, so a changed window starts an empty count
 * @param burst how many may be used at one instant after idling; ignored by a quota
 * @param mode what is promised
 * @param lateness the longest time from the instant a unit becomes usable to its arrival at the limited party: half of it is
 *     how long a node may hold a due unit, a sixth is the spread between limits, a third is left to the network. It is the
 *     {@code J} of the theorem in {@code docs/rate-limiter-theorem.md}
 */
public record Limit(String id, long permits, Duration window, int burst, Mode mode, Duration lateness) {
    /** Covers a 15 ms stall of a node and a 10 ms spread of the network's delay; 40 per second then runs at 97 per cent. */
    public static final Duration DEFAULT_LATENESS = Duration.ofMillis(30);

    // A reservation may lie 2 s ahead.
    private static final Duration QUOTA_LATENESS = Duration.ofSeconds(3);
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final long PERMITS_MAX = 1_000_000_000;
    private static final Duration WINDOW_MAX = Duration.ofDays(31);
    // 203 days: keeps every sum with a time of this century's first half below 2^53.
    private static final long DEBT_TICKS_MAX = 1L << 48;

    public Limit {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("limit id: '" + id + "' (expected: " + ID + ")");
        }
        requireBetween("permits", permits, 1, PERMITS_MAX);
        requireBetween("burst", burst, 1, permits);
        if (window.compareTo(Duration.ofMillis(1)) < 0 || window.compareTo(WINDOW_MAX) > 0) {
            throw new IllegalArgumentException("window: " + window + " (expected: 1 ms.." + WINDOW_MAX + ")");
        }
        if (lateness.isNegative() || lateness.compareTo(window) > 0) {
            throw new IllegalArgumentException("lateness: " + lateness + " (expected: 0.." + window + ")");
        }
        if (mode != Mode.QUOTA) {
            var interval = interval(permits, window, burst, mode, lateness);
            var debt = Math.multiplyExact(interval, burst + (long) ScopeLaw.SLOWEST);
            if (debt > DEBT_TICKS_MAX) {
                throw new IllegalArgumentException(
                        "limit " + id + ": burst and interval too long together (expected: a QUOTA for such a limit)");
            }
        }
    }

    public Limit(String id, long permits, Duration window, int burst, Mode mode) {
        this(id, permits, window, burst, mode, min(DEFAULT_LATENESS, window));
    }

    /** The default for a stated limit per second: the burst is what the rate yields in its lateness. */
    public static Limit hard(String id, long permits, Duration window) {
        return new Limit(id, permits, window, burstWithinLateness(permits, window), Mode.HARD);
    }

    public static Limit nominal(String id, long permits, Duration window) {
        return new Limit(id, permits, window, burstWithinLateness(permits, window), Mode.NOMINAL);
    }

    public static Limit quota(String id, long permits, Duration window) {
        return new Limit(id, permits, window, 1, Mode.QUOTA, min(QUOTA_LATENESS, window));
    }

    /** Emission interval in ticks, rounded up: never faster than stated. */
    long interval() {
        return interval(permits, window, burst, mode, lateness);
    }

    /** How far the timeline may run ahead of an instant: {@code burst - 1} intervals. */
    long tolerance() {
        return (burst - 1) * interval();
    }

    /** The most uses any window of this length can hold, by the theorem; meaningless for a quota. */
    public long worstIn(Duration length) {
        var reach = Ticks.of(length) + Ticks.of(lateness);
        return burst + Math.ceilDiv(reach, interval()) - 1;
    }

    /** The most uses its own window can hold: {@code permits}, except for {@link Mode#NOMINAL}. */
    public long worst() {
        return switch (mode) {
            case HARD, QUOTA -> permits;
            case NOMINAL -> worstIn(window);
        };
    }

    private static long interval(long permits, Duration window, int burst, Mode mode, Duration lateness) {
        return switch (mode) {
            case HARD -> Math.ceilDiv(Ticks.of(window) + Ticks.of(lateness), permits + 1 - burst);
            case NOMINAL, QUOTA -> Math.ceilDiv(Ticks.of(window), permits);
        };
    }

    private static int burstWithinLateness(long permits, Duration window) {
        var within = permits * min(DEFAULT_LATENESS, window).toNanos() / window.toNanos();
        return Math.clamp(within, 1, 100_000);
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static void requireBetween(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + min + ".." + max + ")");
        }
    }
}
