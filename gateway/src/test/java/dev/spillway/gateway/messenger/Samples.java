// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.messenger.Notifications.Reading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

/** Bodies to read, and short ways to read them. */
final class Samples {
    static final String PAGE = "100200300400500";
    static final long RECEIVED_AT = 1_760_000_000_555L;

    private Samples() {}

    /** The lines of a file beside this class, each cut into {@code count} words of which the last takes the rest. */
    static List<String[]> lines(String file, int count) {
        try (var in = Objects.requireNonNull(Samples.class.getResourceAsStream(file), file)) {
            var lines = new ArrayList<String[]>();
            for (var line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    lines.add(line.split(" ", count));
                }
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every body of ours: the whole ones, and each item in an envelope. */
    static List<String> bodies() {
        var bodies = new ArrayList<String>();
        lines("bodies.txt", 6).forEach(line -> bodies.add(line[5]));
        lines("items.txt", 3).forEach(line -> bodies.add(messaging(line[2])));
        return bodies;
    }

    /** The folder of real bodies; absent where this checkout stands alone. */
    static Path payloads() {
        return Path.of(System.getProperty("spillway.payloads", "no-such-folder"));
    }

    static byte[] payload(String file) {
        try {
            return Files.readAllBytes(payloads().resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String messaging(String item) {
        return "{\"object\":\"page\",\"entry\":[{\"id\":\"" + PAGE + "\",\"time\":1760000000123,\"messaging\":[" + item
                + "]}]}";
    }

    static Reading reading(byte[] body) {
        return new Notifications(Notifications.Limits.DEFAULT, RandomGenerator.of("L64X128MixRandom"))
                .read("demo", body, RECEIVED_AT);
    }

    static Reading reading(String body) {
        return reading(body.getBytes(StandardCharsets.UTF_8));
    }

    static List<Event> events(byte[] body) {
        var reading = reading(body);
        assertThat(reading).isInstanceOf(Reading.Events.class);
        return ((Reading.Events) reading).events();
    }

    static List<Event> events(String body) {
        return events(body.getBytes(StandardCharsets.UTF_8));
    }

    static Event event(String body) {
        var events = events(body);
        assertThat(events).hasSize(1);
        return events.get(0);
    }

    static Event item(String item) {
        return event(messaging(item));
    }
}
