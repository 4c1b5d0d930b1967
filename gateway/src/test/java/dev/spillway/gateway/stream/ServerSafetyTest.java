// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.config.Loaded;
import dev.spillway.gateway.config.Settings;
import dev.spillway.gateway.config.Settings.Durability;
import dev.spillway.gateway.config.Settings.Redis;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServerSafetyTest {
    private static final Map<String, String> SAFE = Map.of(
            "maxmemory-policy", "noeviction",
            "appendonly", "yes",
            "appendfsync", "always",
            "no-appendfsync-on-rewrite", "no",
            "maxmemory", "1000000000",
            "lazyfree-lazy-expire", "yes",
            "tcp-keepalive", "60",
            "hash-max-listpack-entries", "512",
            "min-replicas-to-write", "1");

    private static List<String> problems(String version, Durability durability, String... changed) {
        var settings = new HashMap<>(SAFE);
        for (var i = 0; i < changed.length; i += 2) {
            settings.put(changed[i], changed[i + 1]);
        }
        return new ServerSafety(Map.of("redis_version", version), settings).problems(asked(durability, 1));
    }

    private static List<String> warnings(Durability durability, Map<String, String> info, String... changed) {
        var settings = new HashMap<>(SAFE);
        for (var i = 0; i < changed.length; i += 2) {
            settings.put(changed[i], changed[i + 1]);
        }
        return new ServerSafety(info, settings).warnings(asked(durability, 2));
    }

    private static Redis asked(Durability durability, int replicas) {
        var yaml = """
            spillway:
              redis: { uri: "redis://localhost", durability: %s, replicas: %d }
              apps: { demo: { secrets: [0123456789abcdef], verify-token: verify-me } }
            """.formatted(durability.name().toLowerCase(Locale.ROOT).replace('_', '-'), replicas);
        return switch (Settings.parse(yaml, Set.of())) {
            case Loaded.Ready(var settings) -> settings.redis();
            case Loaded.Refused(var problems) -> throw new IllegalStateException(problems.toString());
        };
    }

    @ParameterizedTest
    @CsvSource({
        // what is asked, what the server does, whether it is enough
        "MEMORY, no, true",
        "MEMORY, everysec, true",
        "EVERYSEC, no, false",
        "EVERYSEC, everysec, true",
        "EVERYSEC, always, true",
        "FSYNC, no, false",
        "FSYNC, everysec, false",
        "FSYNC, always, true",
        "REPLICATED, no, false",
        "REPLICATED, everysec, true",
        "REPLICATED, always, true",
        "FSYNC_REPLICATED, everysec, false",
        "FSYNC_REPLICATED, always, true"
    })
    void the_disk_must_be_as_sure_as_asked(Durability asked, String fsync, boolean enough) {
        assertThat(problems("7.2.4", asked, "appendfsync", fsync).isEmpty()).isEqualTo(enough);
    }

    @Test
    void each_unsafe_setting_is_named_with_what_is_expected() {
        assertThat(problems("7.0.0", Durability.FSYNC, "maxmemory-policy", "allkeys-lru"))
                .singleElement()
                .asString()
                .startsWith("redis maxmemory-policy: allkeys-lru (expected: noeviction");
        assertThat(problems("7.0.0", Durability.FSYNC, "appendonly", "no")).hasSize(1);
        assertThat(problems("7.0.0", Durability.FSYNC, "no-appendfsync-on-rewrite", "yes"))
                .hasSize(1);
        assertThat(problems("7.0.0", Durability.MEMORY, "appendonly", "no", "no-appendfsync-on-rewrite", "yes"))
                .isEmpty();
        assertThat(problems("7.0.0", Durability.MEMORY, "maxmemory-policy", "volatile-ttl"))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"7.0.15, true", "7, true", "8.2.1, true", "10.0, true", "6.2.14, false", "'', false", "x.y, false"})
    void an_old_server_is_refused(String version, boolean enough) {
        assertThat(problems(version, Durability.FSYNC).isEmpty()).isEqualTo(enough);
    }

    @Test
    void a_server_that_hides_its_settings_is_believed_and_not_called_verified() {
        var hidden = new ServerSafety(Map.of("redis_version", "7.2.0"), Map.of());

        assertThat(hidden.problems(asked(Durability.FSYNC, 1))).isEmpty();
        assertThat(hidden.warnings(asked(Durability.FSYNC, 1)))
                .singleElement()
                .asString()
                .startsWith("redis settings: hidden");
        assertThat(new ServerSafety(Map.of("redis_version", "6.0.0"), Map.of()).problems(asked(Durability.FSYNC, 1)))
                .hasSize(1);
    }

    @Test
    void a_server_whose_disk_can_wait_for_replicas_is_needed_where_that_is_asked() {
        assertThat(problems("7.0.15", Durability.FSYNC_REPLICATED))
                .singleElement()
                .asString()
                .contains("7.2");
        assertThat(problems("7.2.4", Durability.FSYNC_REPLICATED)).isEmpty();
        assertThat(problems("8.0", Durability.FSYNC_REPLICATED)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"maxmemory, 0", "lazyfree-lazy-expire, no", "tcp-keepalive, 0", "hash-max-listpack-entries, 128"})
    void what_will_hurt_one_day_is_said(String setting, String value) {
        assertThat(warnings(Durability.FSYNC, Map.of())).isEmpty();
        assertThat(warnings(Durability.FSYNC, Map.of(), setting, value))
                .singleElement()
                .asString()
                .startsWith("redis " + setting + ": " + value + " (expected: ");
    }

    @Test
    void missing_replicas_are_said_only_where_they_are_needed() {
        var one = Map.of("connected_slaves", "1");
        assertThat(warnings(Durability.FSYNC, one, "min-replicas-to-write", "0"))
                .isEmpty();
        assertThat(warnings(Durability.REPLICATED, one))
                .singleElement()
                .asString()
                .contains("503");
        assertThat(warnings(Durability.REPLICATED, Map.of("connected_slaves", "2")))
                .isEmpty();
        assertThat(warnings(Durability.REPLICATED, Map.of("connected_slaves", "2"), "min-replicas-to-write", "0"))
                .hasSize(1);
    }

    @Test
    void memory_is_said_to_be_for_development() {
        assertThat(warnings(Durability.MEMORY, Map.of(), "maxmemory", "0"))
                .singleElement()
                .asString()
                .contains("development");
    }

    @Test
    void a_replica_and_a_server_that_loads_are_not_to_be_told_anything() {
        assertThat(new ServerInfo("# R\r\nrole:slave\r\nloading:0\r\n", 1).usable())
                .isFalse();
        assertThat(new ServerInfo("role:master\r\nloading:1\r\n", 1).usable()).isFalse();
        var master = new ServerInfo("run_id:r\r\nrole:master\r\nloading:0\r\nmaster_replid:m\r\n", 1);
        assertThat(master.usable()).isTrue();
        assertThat(master.generation()).isEqualTo(new ServerGeneration("r", "m"));
    }

    @Test
    void a_cluster_must_be_asked_for_and_be_there() {
        var cluster = Map.of("redis_version", "7.0.15", "redis_mode", "cluster");

        assertThat(new ServerSafety(cluster, SAFE).problems(asked(Durability.FSYNC, 1)))
                .containsExactly("spillway.redis.mode: standalone (expected: cluster, which this Redis is part of)");
    }
}
