// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The faults as Lettuce sees them: what it does about a lost reply depends on how it is set. */
@WithRedis
@Timeout(60)
final class FaultProxyLettuceIT {
    private final RedisRig redis;

    FaultProxyLettuceIT(RedisRig redis) {
        this.redis = redis;
    }

    @Test
    void a_client_that_does_not_replay_fails_at_once_and_heals() throws Exception {
        var options = ClientOptions.builder()
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .build();
        try (var proxy = FaultProxy.toRedis(redis.port());
                var client = RedisClient.create(proxy.redisUri())) {
            client.setOptions(options);
            var connection = client.connect();
            var fault = proxy.swallowReply(CommandMatch.named("XADD"), 1);

            var append = connection.async().xadd("s", Map.of("n", "1")).toCompletableFuture();

            assertThatThrownBy(() -> append.get(10, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
            assertThat(fault.awaitStruck(Duration.ofSeconds(10))).isTrue();
            assertThat(redis.client().xlen("s")).isEqualTo(1);
            awaitOpen(connection);
            assertThat(connection.sync().ping()).isEqualTo("PONG");
            assertThat(redis.client().xlen("s")).isEqualTo(1);
        }
    }

    @Test
    void a_client_that_replays_appends_twice() throws Exception {
        var options = ClientOptions.builder()
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .build();
        try (var proxy = FaultProxy.toRedis(redis.port());
                var client = RedisClient.create(proxy.redisUri())) {
            client.setOptions(options);
            var connection = client.connect();
            proxy.swallowReply(CommandMatch.named("XADD"), 1);

            connection.async().xadd("s", Map.of("n", "1")).get(10, TimeUnit.SECONDS);

            assertThat(redis.client().xlen("s")).isEqualTo(2);
            assertThat(proxy.hits()).isEqualTo(1);
        }
    }

    private static void awaitOpen(StatefulRedisConnection<String, String> connection) throws InterruptedException {
        while (!connection.isOpen()) {
            Thread.sleep(10);
        }
    }
}
