// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

/**
 * Where the once-guard remembers an event: a class with its own life, and an hour or day of the event's own time.
 *
 * <p>Never taken from the clock: a second copy of an event must fall into the same bucket, or into one that is looked
 * up for it.
 *
 * @param span hours since 1970 for an event with a time of its own; days since 1970 of {@code entry.time} for others
 */
public record Bucket(Life life, Unit unit, long span) {
    /** How long the guard remembers; the platform's retry horizon with a margin. */
    public enum Life {
        /** 24 hours: the platform gives up after one. */
        MESSAGING('m', 24),
        /** 48 hours: generic webhooks are retried for 36. */
        CHANGE('c', 48),
        /** 8 days: WhatsApp retries for 7. */
        WHATSAPP('w', 192);

        private final char code;
        private final int hours;

        Life(char code, int hours) {
            this.code = code;
            this.hours = hours;
        }

        /** The letter in keys. */
        public char code() {
            return code;
        }

        /** How long, in hours. */
        public int hours() {
            return hours;
        }

        private static Life of(char code) {
            for (var life : values()) {
                if (life.code == code) {
                    return life;
                }
            }
            throw new IllegalArgumentException("bucket class " + code + " (expected: m, c or w)");
        }
    }

    /** Whether {@code span} counts hours of the event's own time, or days of its notification's. */
    public enum Unit {
        HOUR('h'),
        DAY('d');

        private final char code;

        Unit(char code) {
            this.code = code;
        }

        /** The letter in keys. */
        public char code() {
            return code;
        }

        private static Unit of(char code) {
            return switch (code) {
                case 'h' -> HOUR;
                case 'd' -> DAY;
                default -> throw new IllegalArgumentException("bucket unit " + code + " (expected: h or d)");
            };
        }
    }

    /** Reads what {@link #wire} wrote. Throws {@link IllegalArgumentException} on anything else. */
    public static Bucket ofWire(String wire) {
        if (wire.length() < 3) {
            throw new IllegalArgumentException("bucket of " + wire.length() + " characters (expected: 3 or more)");
        }
        return new Bucket(Life.of(wire.charAt(0)), Unit.of(wire.charAt(1)), Long.parseLong(wire, 2, wire.length(), 10));
    }

    /** The form in records: {@code mh497341} is messaging, hour 497341. */
    public String wire() {
        return "" + life.code + unit.code + span;
    }
}
