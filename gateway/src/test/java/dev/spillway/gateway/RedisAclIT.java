// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.gateway.worker.EchoBot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Spillway works as a user who may run what {@code docs/redis.md} lists, and nothing else. */
final class RedisAclIT {
    private final PathRig rig = new PathRig();

    @AfterEach
    void close() {
        rig.close();
    }

    private void user(String name, String from, String to) throws IOException {
        DocumentedUser.on(rig.redis, name, from, to);
    }

    private Gateway start(String name, String more) {
        return rig.gateway(
                rig.redis.uri(),
                Map.of("echo", EchoBot::new),
                "kind: built-in",
                more + PathRig.UNLIMITED,
                "everysec, username: " + name + ", password: pass");
    }

    @Test
    void a_text_goes_all_the_way_as_the_documented_user() throws Exception {
        user("spillway", "", "");
        var gateway = start("spillway", "");
        var crowd = new Crowd(rig);

        crowd.write(60, Duration.ofSeconds(1));
        crowd.isAnsweredOnceAndInOrder("echo.1");
        rig.post(gateway.httpPort(), "{\"object\":".getBytes(StandardCharsets.UTF_8), PathRig.SECRET);
        // Trimming and the correction of counters come every few seconds.
        rig.awaitThat(() -> rig.redis.calls("xtrim") > 0 && rig.redis.calls("xinfo|stream") > 0, "trimmed");

        assertThat(rig.redis.client().aclLog()).isEmpty();
        assertThat(rig.redis.client().aclWhoami()).isEqualTo("default");
    }

    @Test
    void each_role_by_itself_works_as_its_own_user() throws Exception {
        for (var role : List.of("worker", "dispatch", "ingest")) {
            user("spillway-" + role, "", "");
            start("spillway-" + role, "  roles: [" + role + "]\n");
        }
        var crowd = new Crowd(rig);

        crowd.write(60, Duration.ofSeconds(1));

        crowd.isAnsweredOnceAndInOrder("echo.1");
        assertThat(rig.redis.client().aclLog()).isEmpty();
    }

    @Test
    void a_missing_permission_is_named_at_start() throws Exception {
        user("spillway", " +xack", "");
        assertThatThrownBy(() -> start("spillway", "")).hasStackTraceContaining("redis permission: +xack with ~g1:*");

        user("spillway", " ~rl:*", "");
        assertThatThrownBy(() -> start("spillway", "")).hasStackTraceContaining("with ~rl:*");

        user("spillway", " +evalsha", "");
        assertThatThrownBy(() -> start("spillway", "")).hasStackTraceContaining("redis permission: +evalsha");

        user("spillway", " +info", "");
        assertThatThrownBy(() -> start("spillway", "")).hasStackTraceContaining("'info'");
    }

    @Test
    void a_wrong_password_is_told_at_start() throws Exception {
        user("spillway", ">pass", ">other");
        assertThatThrownBy(() -> start("spillway", "")).hasStackTraceContaining("redis user: WRONGPASS");
    }
}
