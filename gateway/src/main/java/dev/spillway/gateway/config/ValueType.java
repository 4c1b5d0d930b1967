// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How the text of a value is read: checked, and put into the one form that SmallRye reads without further help. */
sealed interface ValueType {
    /** The text in SmallRye's form, or nothing if it is not of this type. */
    Optional<String> read(String text);

    /** What is expected, in words. */
    String words();

    /** A type whose values can be compared, so that they can have bounds. */
    sealed interface Measured extends ValueType {
        /** The value in the type's smallest unit. Only for text that {@link #read} took. */
        long measure(String text);
    }

    /** A whole number. */
    record Whole() implements Measured {
        private static final Pattern SHAPE = Pattern.compile("-?[0-9]{1,18}");

        @Override
        public Optional<String> read(String text) {
            return SHAPE.matcher(text).matches() ? Optional.of(Long.toString(Long.parseLong(text))) : Optional.empty();
        }

        @Override
        public long measure(String text) {
            return Long.parseLong(text);
        }

        @Override
        public String words() {
            return "a whole number";
        }
    }

    /** Bytes: a number with or without a unit. */
    record Size() implements Measured {
        private static final Pattern SHAPE = Pattern.compile("([0-9]{1,12})(|B|KiB|MiB|GiB)");
        private static final Map<String, Integer> SHIFTS = Map.of("", 0, "B", 0, "KiB", 10, "MiB", 20, "GiB", 30);

        @Override
        public Optional<String> read(String text) {
            return SHAPE.matcher(text).matches() ? Optional.of(Long.toString(measure(text))) : Optional.empty();
        }

        @Override
        public long measure(String text) {
            var parts = SHAPE.matcher(text);
            if (!parts.matches()) {
                throw new IllegalArgumentException("not a size");
            }
            var shift = SHIFTS.getOrDefault(parts.group(2), 0);
            var number = Long.parseLong(parts.group(1));
            return number > Long.MAX_VALUE >> shift ? Long.MAX_VALUE : number << shift;
        }

        @Override
        public String words() {
            return "bytes, such as 512KiB or 1MiB";
        }
    }

    /** A stretch of time: a number with its unit. */
    record Time() implements Measured {
        private static final Pattern SHAPE = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
        private static final Map<String, Duration> UNITS = Map.of(
                "ms", Duration.ofMillis(1),
                "s", Duration.ofSeconds(1),
                "m", Duration.ofMinutes(1),
                "h", Duration.ofHours(1),
                "d", Duration.ofDays(1));

        @Override
        public Optional<String> read(String text) {
            return SHAPE.matcher(text).matches()
                    ? Optional.of(Duration.ofMillis(measure(text)).toString())
                    : Optional.empty();
        }

        @Override
        public long measure(String text) {
            var parts = SHAPE.matcher(text);
            if (!parts.matches()) {
                throw new IllegalArgumentException("not a duration");
            }
            return UNITS.getOrDefault(parts.group(2), Duration.ZERO)
                    .multipliedBy(Long.parseLong(parts.group(1)))
                    .toMillis();
        }

        @Override
        public String words() {
            return "a duration, such as 500ms, 6s or 2m";
        }
    }

    /** Yes or no. */
    record Flag() implements ValueType {
        @Override
        public Optional<String> read(String text) {
            return text.equals("true") || text.equals("false") ? Optional.of(text) : Optional.empty();
        }

        @Override
        public String words() {
            return "true or false";
        }
    }

    /** Any text in one line. */
    record Text() implements ValueType {
        @Override
        public Optional<String> read(String text) {
            return !text.isBlank() && text.chars().noneMatch(Character::isISOControl)
                    ? Optional.of(text)
                    : Optional.empty();
        }

        @Override
        public String words() {
            return "text";
        }
    }

    /** One of the constants of an enum, in lower case with hyphens. */
    record Choice(Class<? extends Enum<?>> constants) implements ValueType {
        @Override
        public Optional<String> read(String text) {
            return names().filter(text::equals).findAny();
        }

        Stream<String> names() {
            return Stream.of(constants.getEnumConstants()).map(Choice::name);
        }

        private static String name(Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        @Override
        public String words() {
            return names().collect(Collectors.joining(", "));
        }
    }

    /** The address of an HTTP server. */
    record Url() implements ValueType {
        @Override
        public Optional<String> read(String text) {
            try {
                var uri = new URI(text);
                var http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
                // No user info: it would be a secret in a place that is printed.
                return http && uri.getHost() != null && uri.getUserInfo() == null && uri.getFragment() == null
                        ? Optional.of(text)
                        : Optional.empty();
            } catch (URISyntaxException none) {
                return Optional.empty();
            }
        }

        @Override
        public String words() {
            return "an http or https URL without user info";
        }
    }

    /** The address of Redis. */
    record Redis() implements ValueType {
        @Override
        public Optional<String> read(String text) {
            return RedisUri.isFit(text) ? Optional.of(text) : Optional.empty();
        }

        @Override
        public String words() {
            return RedisUri.EXPECTED;
        }
    }

    /** A secret. Its text never travels through SmallRye. */
    record Hidden() implements ValueType {
        @Override
        public Optional<String> read(String text) {
            return Secret.isFit(text) ? Optional.of(text) : Optional.empty();
        }

        @Override
        public String words() {
            return "a secret in one line";
        }
    }

    /** The path of a file with a secret in it. */
    record SecretFile() implements ValueType {
        @Override
        public Optional<String> read(String text) {
            return new Text().read(text);
        }

        @Override
        public String words() {
            return "a readable file with one line of text";
        }
    }

    /** The path of a file in PEM form. */
    record Pem() implements ValueType {
        @Override
        public Optional<String> read(String text) {
            return new Text().read(text);
        }

        @Override
        public String words() {
            return "a readable file in PEM form";
        }
    }
}
