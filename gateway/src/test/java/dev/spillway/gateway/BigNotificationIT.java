// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.APP;
import static dev.spillway.gateway.PathRig.SECRET;
import static dev.spillway.gateway.PathRig.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.gateway.kit.GatewayProcess;
import dev.spillway.gateway.kit.Ports;
import dev.spillway.gateway.sandbox.Call;
import dev.spillway.gateway.sandbox.Sandbox;
import dev.spillway.gateway.sandbox.SandboxOptions;
import dev.spillway.gateway.stream.Partitions;
import io.lettuce.core.Range;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * One notification with 1,000 events over 50 pages. The process is killed while it is being appended, and the platform
 * sends it again: each event reaches the bot, and each gets one reply.
 */
final class BigNotificationIT {
    private static final int PAGES = 50;
    private static final int EVENTS = 1000;
    private static final int KILLED = 137;

    private final PathRig rig = new PathRig();

    @AfterEach
    void close() {
        rig.close();
    }

    private static String page(int number) {
        return "2002003004005" + (10 + number);
    }

    private static byte[] body() {
        var now = System.currentTimeMillis();
        var entries = IntStream.range(0, PAGES).mapToObj(page -> {
            var items = IntStream.range(0, EVENTS / PAGES).mapToObj(item -> {
                var number = page * (EVENTS / PAGES) + item;
                return """
                    {"sender":{"id":"8%03d"},"recipient":{"id":"%s"},"timestamp":%d,"message":{"mid":"m_%d","text":"text %d"}}\
                    """.formatted(number % 300, page(page), now, number, number);
            });
            return "{\"id\":\"%s\",\"time\":%d,\"messaging\":[%s]}"
                    .formatted(page(page), now, items.collect(Collectors.joining(",")));
        });
        return "{\"object\":\"page\",\"entry\":[%s]}"
                .formatted(entries.collect(Collectors.joining(",")))
                .getBytes(StandardCharsets.UTF_8);
    }

    private Sandbox platform() {
        var options = SandboxOptions.defaults().withApp(APP, SECRET, "").withEchoes(false);
        for (var page = 0; page < PAGES; page++) {
            options = options.withPage(page(page), APP, "token-" + page);
        }
        return await(Sandbox.start(rig.vertx, options));
    }

    @Test
    void each_of_a_thousand_events_gets_one_reply_though_the_process_died_among_them() throws Exception {
        var platform = platform();
        var httpPort = Ports.toKeep();
        var opsPort = Ports.toKeep();
        var pages = IntStream.range(0, PAGES)
                .mapToObj(page -> "    \"%s\": { app: demo, token: token-%d }\n".formatted(page(page), page))
                .collect(Collectors.joining());
        var yaml = rig.yaml(rig.redis.uri(), httpPort, opsPort, "{ echo: { kind: built-in } }", PathRig.UNLIMITED)
                .replace(rig.sandbox.url(), platform.url())
                .replace("  pages:\n", "  pages:\n" + pages)
                .replace("partitions: 8", "partitions: 64")
                // A slow moment must not put a send in doubt: there are no echoes here to settle it.
                .replace("send-timeout: 2s", "send-timeout: 30s");
        var config = rig.file(yaml);
        var ready = URI.create("http://127.0.0.1:" + opsPort + "/readyz");
        var body = body();

        try (var doomed = GatewayProcess.gateway(config)
                .named("big-doomed")
                .crashingAt("append.part", 30)
                .start()) {
            doomed.awaitReady(ready, PathRig.PATIENCE);
            var first = new ArrayList<Integer>();
            try {
                first.add(rig.post(httpPort, body, SECRET).statusCode());
            } catch (IOException cut) {
                first.add(0);
            }
            assertThat(first).as("no answer: not all of it was stored").containsExactly(0);
            assertThat(doomed.awaitExit(PathRig.PATIENCE)).isEqualTo(KILLED);
        }
        try (var heir = GatewayProcess.gateway(config).named("big-heir").start()) {
            heir.awaitReady(ready, PathRig.PATIENCE);
            assertThat(rig.post(httpPort, body, SECRET).statusCode()).isEqualTo(200);
            assertThat(rig.counter("added")).as("stored before the answer").isGreaterThanOrEqualTo(EVENTS);
            await(platform.awaitCalls(EVENTS, Duration.ofSeconds(60)));
            rig.awaitIdle("echo.1");
            assertThat(rig.counter("echo.1:done")).isEqualTo(EVENTS);

            // And once more, whole: nothing of it is new.
            assertThat(rig.post(httpPort, body, SECRET).statusCode()).isEqualTo(200);
            rig.awaitIdle("echo.1");
            assertThat(rig.counter("echo.1:done")).isEqualTo(EVENTS);
            heir.terminate();
            assertThat(heir.awaitExit(PathRig.PATIENCE)).isZero();
        }

        var texts = platform.calls().stream().map(Call::text).collect(Collectors.toCollection(TreeSet::new));
        assertThat(platform.calls()).hasSize(EVENTS);
        assertThat(texts).hasSize(EVENTS);
        assertThat(rig.counter("sent")).isEqualTo(EVENTS);
        await(platform.close());
    }

    @Test
    void each_event_is_in_the_partition_of_its_conversation_when_the_answer_comes() throws Exception {
        var ingest = rig.gateway(rig.redis.uri(), Map.of(), "", "  roles: [ingest]\n");
        assertThat(rig.post(ingest.httpPort(), body(), SECRET).statusCode()).isEqualTo(200);

        var partitions = new Partitions(8);
        var json = new ObjectMapper();
        var events = 0;
        for (var partition = 0; partition < partitions.count(); partition++) {
            for (var entry : rig.redis.client().xrange("g1:in:{p" + partition + "}", Range.unbounded())) {
                for (var line : entry.getBody().getOrDefault("b", "").split("\n", -1)) {
                    var event = json.readTree(line);
                    var conversation = event.path("page").asText() + ":"
                            + event.path("user").asText();
                    assertThat(partitions.of(conversation)).isEqualTo(partition);
                    events++;
                }
            }
        }
        assertThat(events).isEqualTo(EVENTS);
    }
}
