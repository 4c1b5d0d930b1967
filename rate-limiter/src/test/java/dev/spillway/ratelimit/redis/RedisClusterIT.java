// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.redis;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.ratelimit.AcquireRequest;
import dev.spillway.ratelimit.BreakerKey;
import dev.spillway.ratelimit.BreakerSettings;
import dev.spillway.ratelimit.CircuitBreakerCoordinator.Entry.Refused;
import dev.spillway.ratelimit.Limit;
import dev.spillway.ratelimit.NodeRateLimiter;
import dev.spillway.ratelimit.NodeSettings;
import dev.spillway.ratelimit.Policy;
import dev.spillway.ratelimit.Scope;
import dev.spillway.ratelimit.SendOutcome;
import dev.spillway.ratelimit.SharedCircuitBreakers;
import dev.spillway.ratelimit.ThrottleSignal;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every script has one key, so a cluster of three primaries is used as it is: scopes and breakers lie on all of them. */
class RedisClusterIT extends OpenNodes {
    private static final int SLOTS = 16_384;
    private static final Policy POLICY = Policy.of(
            1,
            Map.of(
                    "text",
                    List.of(Limit.hard("text", 300, ofSeconds(1)), Limit.quota("day", 90, Duration.ofHours(24)))));
    private static final Settings SETTINGS = Settings.DEFAULT.withCommandTimeout(ofSeconds(5));

    private final List<EmbeddedRedis> primaries = new ArrayList<>();

    RedisClusterIT() {
        super(ofSeconds(30));
    }

    @BeforeAll
    void start(@TempDir Path directory) {
        for (int i = 0; i < 3; i++) {
            var bus = Integer.toString(EmbeddedRedis.freePort());
            var file = directory.resolve("nodes-" + i + ".conf").toString();
            primaries.add(EmbeddedRedis.start(
                    "--cluster-enabled", "yes", "--cluster-config-file", file, "--cluster-port", bus));
        }
        for (int i = 0; i < 3; i++) {
            join(i);
        }
        primaries.forEach(primary -> await(() -> isUp(primary)));
    }

    private void join(int i) {
        var client = RedisClient.create(resources, primaries.get(i).uri());
        try (var connection = client.connect()) {
            var redis = connection.sync();
            redis.clusterAddSlots(
                    IntStream.range(i * SLOTS / 3, (i + 1) * SLOTS / 3).toArray());
            var first = RedisClient.create(resources, primaries.getFirst().uri());
            try (var other = first.connect()) {
                // By its own bus port: the client has no word for it.
                var bus = redis.configGet("cluster-port").get("cluster-port");
                other.sync()
                        .dispatch(
                                io.lettuce.core.protocol.CommandType.CLUSTER,
                                new io.lettuce.core.output.StatusOutput<>(io.lettuce.core.codec.StringCodec.UTF8),
                                new io.lettuce.core.protocol.CommandArgs<>(io.lettuce.core.codec.StringCodec.UTF8)
                                        .add("MEET")
                                        .add("127.0.0.1")
                                        .add(primaries.get(i).port())
                                        .add(bus));
            } finally {
                first.shutdown();
            }
        } finally {
            client.shutdown();
        }
    }

    private boolean isUp(EmbeddedRedis primary) {
        var client = RedisClient.create(resources, primary.uri());
        try (var connection = client.connect()) {
            var info = connection.sync().clusterInfo();
            return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:3");
        } finally {
            client.shutdown();
        }
    }

    @AfterAll
    void stop() {
        primaries.forEach(EmbeddedRedis::close);
    }

    @Test
    void limits_signals_and_breakers_work_on_all_primaries() {
        var one = node();
        var other = node();

        for (int page = 0; page < 30; page++) {
            assertThat(granted(one, page)).isTrue();
            assertThat(granted(other, page)).isTrue();
        }

        for (int page = 0; page < 6; page++) {
            var scope = scope(page);
            one.onSignal(new ThrottleSignal.Pause(scope, Duration.ofMinutes(1)));
            await(() -> !other.snapshot(scope).pause().isZero() || !granted(other, scope, Duration.ofMillis(100)));
        }
    }

    @Test
    void a_quota_is_one_count_for_all_nodes() {
        var one = node();
        var other = node();
        var used = 0;
        while (granted(used % 2 == 0 ? one : other, 99)) {
            used++;
        }

        // What the node that was not refused had taken for itself before is its own to use.
        while (granted(one, 99) || granted(other, 99)) {
            used++;
        }

        assertThat(used).isBetween(80, 90);
    }

    @Test
    void breakers_are_shared_too() {
        var one = breakers();
        var other = breakers();
        for (int i = 0; i < 6; i++) {
            var key = new BreakerKey("host-" + i);
            one.forceOpen(key, Duration.ofMinutes(5));
            await(() -> other.tryEnter(key) instanceof Refused);
        }
    }

    private boolean granted(NodeRateLimiter limiter, int page) {
        return granted(limiter, scope(page), ofSeconds(5));
    }

    private static boolean granted(NodeRateLimiter limiter, Scope scope, Duration maxWait) {
        return limiter.acquire(AcquireRequest.of(scope, "text", "c", maxWait))
                .handle((permit, refusal) -> {
                    if (permit != null) {
                        permit.complete(new SendOutcome.Delivered());
                    }
                    return permit != null;
                })
                .toCompletableFuture()
                .join();
    }

    private static Scope scope(int page) {
        return new Scope("p:" + page);
    }

    private NodeRateLimiter node() {
        var store = RedisLeaseStore.connectCluster(resources, seeds(), SETTINGS);
        open.add(store);
        var limiter = NodeRateLimiter.start(store, scope -> POLICY, NodeSettings.DEFAULT, new SimpleMeterRegistry());
        open.add(limiter);
        return limiter;
    }

    private SharedCircuitBreakers breakers() {
        var store = RedisBreakerStore.connectCluster(resources, seeds(), SETTINGS);
        open.add(store);
        var breakers = SharedCircuitBreakers.start(store, BreakerSettings.DEFAULT, () -> 2);
        open.add(breakers);
        return breakers;
    }

    private List<RedisURI> seeds() {
        return primaries.stream().map(EmbeddedRedis::uri).toList();
    }
}
