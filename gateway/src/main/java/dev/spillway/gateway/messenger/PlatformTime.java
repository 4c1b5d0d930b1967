// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import org.jspecify.annotations.Nullable;

/**
 * The platform's timestamps: milliseconds, seconds, or either of them as a string.
 *
 * <p>What is below 100 000 000 000 is seconds: as milliseconds that would be before March 1973. Everything is brought
 * into 1970..2100, so that no hostile number makes a bucket or a date of odd length.
 */
final class PlatformTime {
    static final long ABSENT = Long.MIN_VALUE;

    /** The first millisecond of 2100. */
    static final long MAX_MILLIS = 4_102_444_800_000L;

    private static final long SECONDS_BELOW = 100_000_000_000L;
    private static final int DIGITS_MAX = 18;

    private PlatformTime() {}

    /** Milliseconds since 1970, or {@link #ABSENT} for what is no number. */
    static long millis(@Nullable String number) {
        if (number == null || number.isEmpty()) {
            return ABSENT;
        }
        var value = 0L;
        for (var i = 0; i < number.length(); i++) {
            var digit = number.charAt(i) - '0';
            if (digit < 0 || digit > 9 || i == DIGITS_MAX) {
                return unusual(number);
            }
            value = value * 10 + digit;
        }
        return sane(value);
    }

    /** A fraction, an exponent, a sign, or far too many digits. */
    private static long unusual(String number) {
        if (number.length() > 64) {
            return ABSENT;
        }
        try {
            var value = Double.parseDouble(number);
            return Double.isNaN(value) ? ABSENT : sane((long) value);
        } catch (NumberFormatException notANumber) {
            return ABSENT;
        }
    }

    private static long sane(long value) {
        var millis = value < SECONDS_BELOW ? Math.max(0, value) * 1000 : value;
        return Math.min(millis, MAX_MILLIS);
    }
}
