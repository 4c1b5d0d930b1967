// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.gateway.dev.RedisSettings.Fsync;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import java.util.Map;
import org.junit.jupiter.api.Test;

@WithRedis
final class RedisRigIT {
    private final RedisRig redis;

    RedisRigIT(RedisRig redis) {
        this.redis = redis;
    }

    @Test
    void what_was_acknowledged_under_always_survives_a_kill() {
        for (int i = 0; i < 200; i++) {
            redis.client().xadd("s", Map.of("n", Integer.toString(i)));
        }

        redis.kill9();
        assertThat(redis.running()).isFalse();
        redis.restart();

        assertThat(redis.client().xlen("s")).isEqualTo(200);
    }

    @Test
    void a_restart_keeps_port_and_data_and_can_change_the_fsync_mode() {
        var port = redis.port();
        var pid = redis.pid();
        redis.client().set("k", "v");

        redis.restart(settings -> settings.withFsync(Fsync.EVERYSEC));

        assertThat(redis.port()).isEqualTo(port);
        assertThat(redis.pid()).isNotEqualTo(pid);
        assertThat(redis.client().get("k")).isEqualTo("v");
        assertThat(redis.client().configGet("appendfsync")).containsEntry("appendfsync", "everysec");
        redis.restart(settings -> settings.withFsync(Fsync.ALWAYS));
    }

    @Test
    void a_frozen_server_answers_nothing_until_it_is_thawed() {
        assertThat(redis.client().ping()).isEqualTo("PONG");

        redis.freeze();
        assertThatThrownBy(() -> redis.client().ping()).isInstanceOf(RedisCommandTimeoutException.class);

        redis.thaw();
        assertThat(redis.client().ping()).isEqualTo("PONG");
    }

    @Test
    void a_frozen_server_can_be_killed_and_stopped() {
        redis.freeze();
        redis.kill9();
        redis.restart();

        redis.freeze();
        redis.stop();

        assertThat(redis.running()).isFalse();
    }

    @Test
    void a_server_out_of_memory_refuses_writes_and_is_healed() {
        redis.configSet("maxmemory", "1");
        assertThatThrownBy(() -> redis.client().set("k", "v"))
                .isInstanceOf(RedisCommandExecutionException.class)
                .hasMessageStartingWith("OOM");

        redis.heal();

        assertThat(redis.client().set("k", "v")).isEqualTo("OK");
    }

    @Test
    void the_server_says_how_often_a_command_ran() {
        redis.client().set("k", "v");
        redis.client().set("k", "w");

        assertThat(redis.calls("set")).isEqualTo(2);
        assertThat(redis.calls("xadd")).isZero();
        assertThat(redis.info("server")).containsEntry("process_id", Long.toString(redis.pid()));
    }

    @Test
    void every_test_finds_it_empty() {
        assertThat(redis.client().dbsize()).isZero();
    }
}
