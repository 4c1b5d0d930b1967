// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.PAGE;
import static dev.spillway.gateway.PathRig.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.kit.GatewayProcess;
import dev.spillway.gateway.kit.Ports;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * With shards of two keys the once-guard grows all the time: copies that come in the middle of it, over the edge of an
 * hour, and to processes that have seen none of their firsts get no reply.
 */
@Execution(ExecutionMode.CONCURRENT)
final class OnceGuardGrowthIT {
    private static final int KEYS = 2;
    private static final int EACH = 80;
    private static final int USERS = 12;
    private static final long HOUR_MS = Duration.ofHours(1).toMillis();

    private final PathRig rig = new PathRig();
    private final int httpPort = Ports.toKeep();
    private final int opsPort = Ports.toKeep();
    private long posted;

    @AfterEach
    void close() {
        rig.close();
    }

    /** These texts, every second one of which was said just before the hour that the others are of began. */
    private static byte[] body(long hourStart, int from, int to) {
        var items = IntStream.range(from, to)
                .mapToObj(number -> """
                    {"sender":{"id":"90%02d"},"recipient":{"id":"%s"},"timestamp":%d,"message":{"mid":"m_%d","text":"text %d"}}\
                    """.formatted(
                        number % USERS, PAGE, hourStart + (number % 2 == 0 ? number : -1000 + number), number, number))
                .collect(Collectors.joining(","));
        return "{\"object\":\"page\",\"entry\":[{\"id\":\"%s\",\"time\":%d,\"messaging\":[%s]}]}"
                .formatted(PAGE, hourStart, items)
                .getBytes(StandardCharsets.UTF_8);
    }

    private void post(byte[] body, int events) throws IOException, InterruptedException {
        assertThat(rig.post(httpPort, body, SECRET).statusCode()).isEqualTo(200);
        posted += events;
    }

    private GatewayProcess start(Path config) {
        return GatewayProcess.main(Main.class, "run", "--config", config.toString())
                .named("tiny-shards")
                .flag("-XX:TieredStopAtLevel=1")
                .property("spillway.once.shard-max", Integer.toString(KEYS))
                .start()
                .awaitReady(URI.create("http://127.0.0.1:" + opsPort + "/readyz"), PathRig.PATIENCE);
    }

    private void finished(int distinct) {
        rig.awaitThat(
                () -> rig.counter("echo.1:fin") - rig.counter("echo.1:filtered") == posted, "all copies are finished");
        rig.awaitThat(() -> rig.counter("sent") == distinct && rig.counter("out-fin") == distinct, "replies ended");
        assertThat(rig.counter("echo.1:done")).isEqualTo(distinct);
    }

    @Test
    void copies_get_no_reply_while_shards_grow_hours_change_and_processes_take_over() throws Exception {
        var hourStart = System.currentTimeMillis() / HOUR_MS * HOUR_MS;
        var bots = "{ echo: { kind: built-in } }";
        var config = rig.file(rig.yaml(rig.redis.uri(), httpPort, opsPort, bots, PathRig.UNLIMITED));
        rig.sandbox.webhook(PathRig.APP, PathRig.webhookUrl(httpPort));

        var said = 0;
        for (var process = 0; process < 2; process++) {
            try (var gateway = start(config)) {
                // Copies of all that others have finished, among what is new, in webhooks of eight.
                for (var from = 0; from < EACH; from += 8) {
                    if (said > 0) {
                        post(body(hourStart, (from * 2) % said, (from * 2) % said + 8), 8);
                    }
                    post(body(hourStart, said + from, said + from + 8), 8);
                    post(body(hourStart, said + from, said + from + 8), 8);
                }
                said += EACH;
                if (process == 1) {
                    post(body(hourStart, 0, said), said);
                }
                finished(said);
                gateway.kill9();
            }
        }

        var texts = rig.taken();
        assertThat(texts).hasSize(said);
        assertThat(new HashSet<>(texts)).hasSize(said);
        assertThat(rig.redis.client().keys("g1:once:*"))
                .allMatch(shard -> rig.redis.client().hlen(shard) <= KEYS);
        var last = rig.redis.client().keys("g1:oncel:*:echo.1:m").stream()
                .flatMap(key -> rig.redis.client().hvals(key).stream())
                .mapToInt(
                        levels -> Integer.parseInt(levels.substring(levels.indexOf(':') + 1, levels.lastIndexOf(':'))))
                .max()
                .orElseThrow();
        assertThat(last).isGreaterThan(2);
        System.out.println("once-guard: " + posted + " copies of " + said + " events, grown to level " + last);
    }
}
