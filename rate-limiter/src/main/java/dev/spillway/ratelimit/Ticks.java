// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.time.Duration;

/**
 * The library's unit of time: 1/16 microsecond, counted from 2024-01-01 UTC.
 *
 * <p>2^53 ticks last 17.8 years, so every time is an integer that a double, hence a Lua number, holds exactly.
 */
final class Ticks {
    static final long PER_MICRO = 16;
    static final long PER_MILLI = 1_000 * PER_MICRO;
    static final long PER_SECOND = 1_000 * PER_MILLI;
    /** Unix seconds of tick 0. */
    static final long EPOCH_SECONDS = 1_704_067_200;

    private Ticks() {}

    /** Rounded up, so that no window becomes shorter. */
    static long of(Duration duration) {
        return Math.addExact(
                Math.multiplyExact(duration.getSeconds(), PER_SECOND), ceilDiv(duration.getNano() * PER_MICRO, 1_000));
    }

    /** Rounded up, so that nobody wakes early. */
    static long toNanos(long ticks) {
        return Math.ceilDiv(Math.multiplyExact(ticks, 125L), 2L);
    }

    /** Rounded down, so that nobody plans further ahead than it may. */
    static long ofNanos(long nanos) {
        return Math.floorDiv(Math.multiplyExact(nanos, 2L), 125L);
    }

    static Duration toDuration(long ticks) {
        return Duration.ofNanos(toNanos(ticks));
    }

    private static long ceilDiv(long dividend, long divisor) {
        return Math.ceilDiv(dividend, divisor);
    }
}
