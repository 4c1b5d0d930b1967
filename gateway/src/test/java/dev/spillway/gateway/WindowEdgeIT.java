// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.PAGE;
import static dev.spillway.gateway.PathRig.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.worker.EchoBot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The platform sends an event again, just inside and just outside the time for which the once-guard remembers it. Each
 * copy meets a new process, which knows of the first only what Redis does.
 */
@Execution(ExecutionMode.CONCURRENT)
final class WindowEdgeIT {
    // A messaging bucket lives for 24 hours from the start of its hour.
    private static final Duration INSIDE = Duration.ofHours(22);
    private static final Duration OUTSIDE = Duration.ofHours(25);

    private final PathRig rig = new PathRig();

    @AfterEach
    void close() {
        rig.close();
    }

    private static byte[] message(Duration age) {
        var at = System.currentTimeMillis() - age.toMillis();
        return """
            {"object":"page","entry":[{"id":"%s","time":%d,"messaging":[{"sender":{"id":"7001"},"recipient":{"id":"%s"},"timestamp":%d,"message":{"mid":"m_edge","text":"hello"}}]}]}\
            """.formatted(PAGE, at, PAGE, at).getBytes(StandardCharsets.UTF_8);
    }

    private Gateway worked(byte[] body) throws IOException, InterruptedException {
        var before = copies();
        var gateway = rig.gateway(Map.of("echo", EchoBot::new));
        assertThat(rig.post(gateway.httpPort(), body, SECRET).statusCode()).isEqualTo(200);
        rig.awaitThat(() -> copies() == before + 1, "the bot's subscription has finished it");
        rig.awaitThat(() -> rig.counter("out-fin") == rig.counter("echo.1:done"), "its replies have ended");
        return gateway;
    }

    /** Finished so far, without the platform's echoes, which the bot does not want. */
    private long copies() {
        return rig.counter("echo.1:fin", "echo.1:filtered");
    }

    private double possibleDuplicates(Gateway gateway) throws IOException, InterruptedException {
        return rig.get("http://127.0.0.1:" + gateway.opsPort() + "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("spillway_worker_beyondguard_events_total "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }

    /** As Redis does by itself: the keys of the guard end with their life, and what is known of settled replies before. */
    private void forget() {
        for (var kind : List.of("g1:once:*", "g1:oncel:*", "g1:sd:*")) {
            var keys = rig.redis.client().keys(kind);
            assertThat(keys)
                    .as(kind)
                    .isNotEmpty()
                    .allMatch(key -> rig.redis.client().ttl(key) > 0, "ends by itself");
            rig.redis.client().del(keys.toArray(String[]::new));
        }
    }

    @Test
    void inside_the_life_of_the_guard_a_second_copy_gets_no_second_reply() throws Exception {
        var body = message(INSIDE);
        rig.stop(worked(body));

        var second = worked(body);

        assertThat(copies()).isEqualTo(2);
        assertThat(rig.counter("echo.1:done")).isEqualTo(1);
        assertThat(rig.taken()).containsExactly("hello");
        assertThat(possibleDuplicates(second)).isZero();
    }

    @Test
    void outside_it_the_second_copy_reaches_the_bot_again_and_is_counted_as_a_possible_duplicate() throws Exception {
        var body = message(OUTSIDE);
        rig.stop(worked(body));
        forget();

        var second = worked(body);

        assertThat(rig.counter("echo.1:done")).isEqualTo(2);
        assertThat(possibleDuplicates(second)).isEqualTo(1);
        // The guard of a message lives as long as its window: no second reply could leave.
        assertThat(rig.taken()).isEmpty();
        assertThat(rig.deadLetters()).hasSize(2).allSatisfy(letter -> assertThat(letter.get("reason"))
                .startsWith("window-closed"));
    }

    @Test
    void a_second_copy_as_old_that_the_guard_still_knows_is_no_possible_duplicate() throws Exception {
        var body = message(OUTSIDE);
        rig.stop(worked(body));

        var second = worked(body);

        assertThat(rig.counter("echo.1:done")).isEqualTo(1);
        assertThat(rig.deadLetters()).hasSize(1);
        assertThat(possibleDuplicates(second)).isZero();
    }
}
