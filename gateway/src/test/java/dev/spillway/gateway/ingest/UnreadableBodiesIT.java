// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Fault 22: bodies with a valid signature that are not what the platform sends. Each is kept, and answered with 200. */
final class UnreadableBodiesIT {
    private final EdgeRig edge = EdgeRig.with();

    @AfterEach
    void close() {
        edge.close();
    }

    @Test
    void every_way_to_be_no_notification_ends_in_quarantine_under_its_reason() {
        assertThat(quarantinedAs("")).isEqualTo("NOT_JSON");
        assertThat(quarantinedAs("{\"object\":\"page\",\"entry\":[{\"id\":\"1\""))
                .isEqualTo("NOT_JSON");
        assertThat(quarantinedAs("{\"object\":\"page\"} {}")).isEqualTo("NOT_JSON");
        assertThat(quarantinedAs("{\"entry\":[{\"id\":\"\u0000\"}]}")).isEqualTo("NOT_JSON");
        assertThat(quarantinedAs("[".repeat(1_000))).isEqualTo("TOO_DEEP");
        assertThat(quarantinedAs("{\"a\":".repeat(1_000) + "1" + "}".repeat(1_000)))
                .isEqualTo("TOO_DEEP");
        assertThat(quarantinedAs("[".repeat(500_000))).isEqualTo("TOO_DEEP");
        assertThat(quarantinedAs(entries(100_000, "{}"))).isEqualTo("TOO_MANY_EVENTS");
        assertThat(quarantinedAs(entries(1, "{\"id\":\"1\",\"messaging\":[" + "{},".repeat(99_999) + "{}]}")))
                .isEqualTo("TOO_MANY_EVENTS");
        assertThat(quarantinedAs("42")).isEqualTo("UNKNOWN_SHAPE");
        assertThat(quarantinedAs("{}")).isEqualTo("UNKNOWN_SHAPE");
        assertThat(quarantinedAs("{\"object\":\"page\",\"entry\":\"none\"}")).isEqualTo("UNKNOWN_SHAPE");
        assertThat(edge.stored.get()).isZero();
    }

    @Test
    void a_body_cut_anywhere_is_kept_as_a_whole() {
        var whole = EdgeRig.message("m_1");
        try (var http = edge.connect()) {
            for (var length = 0; length < whole.length; length++) {
                assertThat(http.send(EdgeRig.signed(Arrays.copyOf(whole, length)))
                                .read())
                        .startsWith("HTTP/1.1 200 ");
            }
        }

        assertThat(edge.quarantined).hasSize(whole.length);
        assertThat(edge.stored.get()).isZero();
    }

    @Test
    void unknown_kinds_and_a_thousand_events_of_fifty_pages_are_stored() {
        var thousand = IntStream.range(0, 1_000)
                .mapToObj(i ->
                        "{\"id\":\"%d\",\"time\":1,\"messaging\":[{\"sender\":{\"id\":\"7\"},\"recipient\":{\"id\":\"%d\"},\"timestamp\":%d,\"%s\":{\"x\":[{}]}}]}"
                                .formatted(i % 50, i % 50, i, i % 2 == 0 ? "hologram" : "message"))
                .collect(Collectors.joining(",", "{\"object\":\"page\",\"entry\":[", "]}"));

        assertThat(post(thousand.getBytes(StandardCharsets.UTF_8))).startsWith("HTTP/1.1 200 ");

        assertThat(edge.stored.get()).isEqualTo(1_000);
        assertThat(edge.quarantined).isEmpty();
    }

    @Test
    void the_worst_bodies_cost_no_more_than_their_length() {
        var worst = List.of(
                "[".repeat(1_000_000),
                entries(300_000, "{}"),
                "{\"entry\":[" + "\"\\u0041\",".repeat(100_000) + "1]}",
                "\"" + "\\\\".repeat(500_000),
                "1".repeat(1_000_000),
                " ".repeat(1_000_000),
                "{" + "\"a\":{},".repeat(140_000) + "\"a\":1}");
        worst.forEach(body -> post(body.getBytes(StandardCharsets.UTF_8))); // warm
        var before = cpuNanos();

        for (var round = 0; round < 5; round++) {
            worst.forEach(body ->
                    assertThat(post(body.getBytes(StandardCharsets.UTF_8))).startsWith("HTTP/1.1 200 "));
        }

        // About 10 ms each, most of it this test's own signing; quadratic reading would take minutes.
        assertThat((cpuNanos() - before) / 1_000_000).isLessThan(35 * 1_000);
    }

    @Test
    void bytes_at_random_are_answered_with_200_whatever_they_are() {
        var random = new Random(22);
        var whole = EdgeRig.message("m_1");
        var bodies = new ArrayList<byte[]>();
        for (var i = 0; i < 2_000; i++) {
            var body = whole.clone();
            for (var change = random.nextInt(4); change >= 0; change--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            bodies.add(body);
        }

        try (var http = edge.connect()) {
            bodies.forEach(
                    body -> assertThat(http.send(EdgeRig.signed(body)).read()).startsWith("HTTP/1.1 200 "));
        }

        assertThat(edge.stored.get() + edge.quarantined.size()).isEqualTo(2_000);
        assertThat(edge.stored.get()).isPositive();
        assertThat(edge.quarantined).isNotEmpty();
        assertThat(edge.serverErrors()).isZero();
    }

    private String quarantinedAs(String body) {
        edge.quarantined.clear();
        assertThat(post(body.getBytes(StandardCharsets.UTF_8))).startsWith("HTTP/1.1 200 ");
        assertThat(edge.quarantined).hasSize(1);
        return String.valueOf(edge.quarantined.peek());
    }

    private String post(byte[] body) {
        try (var http = edge.connect()) {
            return http.send(EdgeRig.signed(body)).read();
        }
    }

    private static String entries(int count, String entry) {
        return "{\"object\":\"page\",\"entry\":[" + (entry + ",").repeat(count - 1) + entry + "]}";
    }

    private static long cpuNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }
}
