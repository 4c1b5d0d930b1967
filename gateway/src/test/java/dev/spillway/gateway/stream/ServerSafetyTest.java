// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.config.Settings.Durability;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServerSafetyTest {
    private static final Map<String, String> SAFE = Map.of(
            "maxmemory-policy", "noeviction",
            "appendonly", "yes",
            "appendfsync", "always",
            "no-appendfsync-on-rewrite", "no");

    private static List<String> problems(String version, Durability durability, String... changed) {
        var settings = new HashMap<>(SAFE);
        for (var i = 0; i < changed.length; i += 2) {
            settings.put(changed[i], changed[i + 1]);
        }
        return new ServerSafety(version, settings).problems(durability);
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
        assertThat(problems("7.0.15", asked, "appendfsync", fsync).isEmpty()).isEqualTo(enough);
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
        var hidden = new ServerSafety("7.2.0", Map.of());

        assertThat(hidden.problems(Durability.FSYNC)).isEmpty();
        assertThat(hidden.verified()).isFalse();
        assertThat(new ServerSafety("6.0.0", Map.of()).problems(Durability.FSYNC))
                .hasSize(1);
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
}
