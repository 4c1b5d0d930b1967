// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Milliseconds since 1970 as {@code 2026-12-24T18:00:00.001Z}, always with three digits of a second.
 *
 * <p>By hand for the years 0 to 9999, because every record carries two of them; {@link Instant} for all others.
 */
final class IsoTime {
    private static final int LENGTH = 24;

    /** The text of one second, but for its milliseconds. */
    private record Second(long epochSecond, byte[] text) {}

    /** Most events of a moment share it. Any thread may replace it; whichever is there is right. */
    private static volatile Second last = second(0, LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC));

    private IsoTime() {}

    static String of(long millis) {
        var epochSecond = Math.floorDiv(millis, 1000L);
        var latest = last;
        if (latest.epochSecond != epochSecond) {
            var time = LocalDateTime.ofEpochSecond(epochSecond, 0, ZoneOffset.UTC);
            if (time.getYear() < 0 || time.getYear() > 9999) {
                return Instant.ofEpochMilli(millis).toString();
            }
            latest = second(epochSecond, time);
            last = latest;
        }
        var text = latest.text.clone();
        digits(text, 20, 3, (int) Math.floorMod(millis, 1000L), 'Z');
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static Second second(long epochSecond, LocalDateTime time) {
        var text = new byte[LENGTH];
        digits(text, 0, 4, time.getYear(), '-');
        digits(text, 5, 2, time.getMonthValue(), '-');
        digits(text, 8, 2, time.getDayOfMonth(), 'T');
        digits(text, 11, 2, time.getHour(), ':');
        digits(text, 14, 2, time.getMinute(), ':');
        digits(text, 17, 2, time.getSecond(), '.');
        return new Second(epochSecond, text);
    }

    /** Reads any ISO instant. Throws {@link DateTimeException} on anything else. */
    static long millis(String text) {
        if (text.length() != LENGTH
                || text.charAt(LENGTH - 1) != 'Z'
                || text.charAt(19) != '.'
                || text.charAt(4) != '-') {
            return instant(text);
        }
        var day = LocalDate.of(number(text, 0, 4), number(text, 5, 2), number(text, 8, 2));
        var time = day.atTime(number(text, 11, 2), number(text, 14, 2), number(text, 17, 2));
        return time.toEpochSecond(ZoneOffset.UTC) * 1000 + number(text, 20, 3);
    }

    private static long instant(String text) {
        try {
            return Instant.parse(text).toEpochMilli();
        } catch (ArithmeticException tooFar) {
            throw new DateTimeException("no time of ours", tooFar);
        }
    }

    private static void digits(byte[] text, int at, int count, int value, char after) {
        var rest = value;
        for (var i = at + count - 1; i >= at; i--) {
            text[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        text[at + count] = (byte) after;
    }

    private static int number(String text, int at, int count) {
        var value = 0;
        for (var i = at; i < at + count; i++) {
            var digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new DateTimeException("no digit");
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
