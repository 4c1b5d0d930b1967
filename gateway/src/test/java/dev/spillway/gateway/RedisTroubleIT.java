// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.kit.FaultProxy;
import dev.spillway.gateway.sandbox.Delivered;
import dev.spillway.gateway.worker.EchoBot;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Redis dies, freezes, gets slow, silent or full, while webhooks go on coming: none that got 200 is lost, each text is
 * answered once and in order, and what could not be taken was refused in time for the platform to try again.
 */
final class RedisTroubleIT {
    private static final int USERS = 20;
    private static final long ANSWER_MILLIS_MAX = 5_000;

    private final PathRig rig = new PathRig();
    private final FaultProxy proxy = FaultProxy.toRedis(rig.redis.port());
    private final List<Future<Delivered>> said = new ArrayList<>();

    @AfterEach
    void close() {
        rig.close();
        proxy.close();
    }

    private Gateway gateway() {
        return rig.unlimited(proxy.redisUri(), Map.of("echo", EchoBot::new));
    }

    /** People write, at an even pace. */
    private void write(int texts, Duration during) throws InterruptedException {
        for (var i = 0; i < texts; i++) {
            said.add(rig.say("7" + said.size() % USERS, "text " + said.size()));
            Thread.sleep(during.dividedBy(texts).toMillis());
        }
    }

    private List<Delivered> delivered() {
        await(Future.all(said));
        return said.stream().map(Future::result).toList();
    }

    private long refusals() {
        return delivered().stream().mapToLong(one -> one.attempts() - 1L).sum();
    }

    private void everyTextIsAnsweredOnceAndInOrder() {
        assertThat(delivered()).allMatch(Delivered::accepted);
        rig.awaitTaken(said.size());
        rig.awaitIdle("echo.1");
        rig.assertTakenOnceAndInOrder(said.size());
        // In time: however long Redis was away, no webhook waited for its answer until the platform hung up.
        assertThat(delivered()).allMatch(one -> one.millis() < ANSWER_MILLIS_MAX);
    }

    private void repeatedAppendsEndAsCopies() {
        var copies = rig.counter("echo.1:fin", "echo.1:done", "echo.1:filtered");
        assertThat(rig.counter("echo.1:done")).isEqualTo(said.size());
        assertThat(copies).isNotNegative();
    }

    @Test
    void redis_is_killed_and_back_within_seconds_and_webhooks_wait_for_it() throws Exception {
        gateway();
        write(60, Duration.ofSeconds(1));
        var before = said.size();

        rig.redis.kill9();
        write(60, Duration.ofSeconds(1));
        rig.redis.restart();
        write(60, Duration.ofSeconds(1));

        everyTextIsAnsweredOnceAndInOrder();
        repeatedAppendsEndAsCopies();
        assertThat(delivered().subList(before, said.size()))
                .as("some were held")
                .anyMatch(one -> one.millis() > 300);
        assertThat(refusals()).as("held, not refused").isZero();
    }

    @Test
    void redis_stands_still_for_three_seconds_and_nothing_is_refused() throws Exception {
        gateway();
        write(60, Duration.ofSeconds(1));

        rig.redis.freeze();
        write(60, Duration.ofSeconds(3));
        rig.redis.thaw();
        write(60, Duration.ofSeconds(1));

        everyTextIsAnsweredOnceAndInOrder();
        repeatedAppendsEndAsCopies();
        assertThat(delivered()).as("some were held").anyMatch(one -> one.millis() > 1_000);
        assertThat(refusals()).isZero();
    }

    @Test
    void redis_stands_still_for_long_and_webhooks_are_refused_in_time_until_it_moves() throws Exception {
        gateway();
        write(60, Duration.ofSeconds(1));

        rig.redis.freeze();
        write(60, Duration.ofSeconds(9));
        rig.redis.thaw();
        write(60, Duration.ofSeconds(1));

        everyTextIsAnsweredOnceAndInOrder();
        repeatedAppendsEndAsCopies();
        assertThat(refusals()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"5, 0", "50, 0", "500, 0", "5, 125000"})
    void redis_is_slow_and_batches_grow(int millisEachWay, long bytesPerSecond) throws Exception {
        var metrics = "http://127.0.0.1:" + gateway().opsPort() + "/metrics";
        write(20, Duration.ofSeconds(1));
        proxy.latency(Duration.ofMillis(millisEachWay), Duration.ofMillis(millisEachWay));
        proxy.bandwidth(bytesPerSecond);

        write(200, Duration.ofSeconds(2));

        assertThat(delivered()).allMatch(Delivered::accepted);
        proxy.heal();
        everyTextIsAnsweredOnceAndInOrder();
        repeatedAppendsEndAsCopies();
        if (millisEachWay >= 500) {
            assertThat(metric(metrics, "spillway_stream_batch_events_sum"))
                    .isGreaterThan(1.3 * metric(metrics, "spillway_stream_batch_events_count"));
        }
    }

    @Test
    void connections_fall_silent_without_an_end_and_are_given_up() throws Exception {
        gateway();
        write(60, Duration.ofSeconds(1));

        proxy.blackHole();
        write(60, Duration.ofSeconds(6));
        assertThat(proxy.cutAll()).isPositive();
        proxy.heal();
        write(60, Duration.ofSeconds(1));

        everyTextIsAnsweredOnceAndInOrder();
        repeatedAppendsEndAsCopies();
        assertThat(refusals()).isPositive();
    }

    @Test
    void redis_is_out_of_memory_and_what_is_stored_drains_until_there_is_room() throws Exception {
        gateway();
        write(60, Duration.ofSeconds(1));

        var used = Long.parseLong(rig.redis.info("memory").get("used_memory"));
        rig.redis.configSet("maxmemory", Long.toString(used / 2));
        write(60, Duration.ofSeconds(2));
        rig.redis.configSet("maxmemory", Long.toString(used * 20));
        write(60, Duration.ofSeconds(1));

        everyTextIsAnsweredOnceAndInOrder();
        repeatedAppendsEndAsCopies();
        assertThat(refusals()).isPositive();
    }

    @Test
    void somebody_makes_redis_unsafe_and_readiness_says_so_until_it_is_undone() throws Exception {
        var ready = "http://127.0.0.1:" + gateway().opsPort() + "/readyz";
        assertThat(rig.get(ready).statusCode()).isEqualTo(200);
        var wrong = Map.of(
                "appendfsync", "no",
                "maxmemory-policy", "allkeys-lru",
                "no-appendfsync-on-rewrite", "yes",
                "appendonly", "no");

        wrong.forEach(rig.redis::configSet);
        rig.awaitThat(() -> status(ready) == 503, "not ready");
        wrong.forEach((setting, value) -> assertThat(body(ready)).contains("redis " + setting + ": " + value));

        rig.redis.configSet("appendonly", "yes");
        rig.redis.configSet("appendfsync", "everysec");
        rig.redis.configSet("no-appendfsync-on-rewrite", "no");
        rig.redis.configSet("maxmemory-policy", "noeviction");
        rig.awaitThat(() -> status(ready) == 200, "ready again");
    }

    private double metric(String url, String name) {
        return body(url)
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }

    private String body(String url) {
        try {
            return rig.get(url).body();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    private int status(String url) {
        try {
            return rig.get(url).statusCode();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }
}
