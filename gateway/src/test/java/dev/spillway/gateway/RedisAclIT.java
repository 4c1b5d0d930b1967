// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.gateway.worker.EchoBot;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Spillway works as a user who may run what {@code docs/redis.md} lists, and nothing else. */
final class RedisAclIT {
    private static final Path DOC = Path.of("..", "docs", "redis.md");

    private final PathRig rig = new PathRig();

    @AfterEach
    void close() {
        rig.close();
    }

    /** Makes a user as the documentation says, with something changed. */
    private void user(String name, String from, String to) throws Exception {
        var line = Files.readString(DOC)
                .lines()
                .filter(one -> one.startsWith("ACL SETUSER " + name + " "))
                .findFirst()
                .orElseThrow();
        var changed = line.replace("PASSWORD", "pass").replace(from, to);
        var words = List.of(changed.split(" ", -1));
        var arguments = new CommandArgs<>(StringCodec.UTF8);
        words.subList(1, words.size()).forEach(arguments::add);
        assertThat(rig.redis.client().dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), arguments))
                .isEqualTo("OK");
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
