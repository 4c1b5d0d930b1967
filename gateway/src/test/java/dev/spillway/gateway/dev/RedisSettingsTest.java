// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class RedisSettingsTest {
    private static final Path FOLDER = Path.of("/data");

    @Test
    void what_spillway_asks_of_a_redis_is_what_it_starts() {
        assertThat(RedisSettings.temporary().lines(16_000, FOLDER))
                .contains(
                        "bind \"127.0.0.1\"",
                        "protected-mode \"yes\"",
                        "port \"16000\"",
                        "save \"\"",
                        "appendonly \"yes\"",
                        "appendfsync \"always\"",
                        "no-appendfsync-on-rewrite \"no\"",
                        "maxmemory-policy \"noeviction\"",
                        "lazyfree-lazy-expire \"yes\"",
                        "hash-max-listpack-entries \"512\"");
    }

    @Test
    void a_directive_of_the_callers_wins() {
        var settings = RedisSettings.temporary()
                .withFsync(RedisSettings.Fsync.EVERYSEC)
                .with("maxmemory-policy", "allkeys-lru");

        assertThat(settings.lines(16_000, FOLDER))
                .contains("appendfsync \"everysec\"", "maxmemory-policy \"allkeys-lru\"")
                .doesNotContain("maxmemory-policy \"noeviction\"");
    }

    @Test
    void a_folder_may_hold_spaces_and_quotes_but_no_second_line() {
        assertThat(RedisSettings.temporary().lines(16_000, Path.of("/my \"own\" data")))
                .contains("dir \"/my \\\"own\\\" data\"");
        assertThatThrownBy(() -> RedisSettings.temporary().lines(16_000, Path.of("/data\nport 1")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_bad_port_names_itself() {
        assertThatThrownBy(() -> RedisSettings.temporary().withPort(65_536))
                .hasMessage("port: 65536 (expected: 0..65535)");
    }
}
