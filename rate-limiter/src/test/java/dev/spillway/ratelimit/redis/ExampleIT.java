// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.example.HelloLimiter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The documentation's example runs, and is the documentation's. */
class ExampleIT {
    private static final Path SOURCE = Path.of("src/test/java/dev/spillway/example/HelloLimiter.java");
    private static final Path PAGE = Path.of("../docs/rate-limiter.md");

    @Test
    void it_greets_at_most_three_times_a_second() {
        var printed = new ByteArrayOutputStream();
        var out = System.out;
        var began = System.nanoTime();
        try (var redis = EmbeddedRedis.start()) {
            System.setOut(new PrintStream(printed, true, UTF_8));
            HelloLimiter.main(new String[] {redis.uri().toURI().toString()});
        } finally {
            System.setOut(out);
        }
        var greetings = printed.toString(UTF_8).lines().count();

        assertThat(greetings).as("void permits of a busy machine greet nobody").isBetween(1L, 10L);
        assertThat((System.nanoTime() - began) / 1e9).isGreaterThan((greetings - 3) / 3.0);
    }

    @Test
    void the_page_shows_the_code_that_ran() throws IOException {
        var lines = Files.readAllLines(SOURCE, UTF_8).stream()
                .map(String::strip)
                .dropWhile(line -> !line.startsWith("// tag::"))
                .skip(1)
                .takeWhile(line -> !line.startsWith("// end::"))
                .toList();
        var page = Files.readAllLines(PAGE, UTF_8).stream().map(String::strip).collect(Collectors.joining("\n"));

        assertThat(lines).hasSizeBetween(10, 18);
        assertThat(page).contains(String.join("\n", lines));
    }
}
