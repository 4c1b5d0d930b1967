// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.config.Loaded;
import dev.spillway.gateway.config.Settings;
import dev.spillway.gateway.config.Settings.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PermissionsTest {
    private static final Path DOC = Path.of("..", "docs", "redis.md");

    private static Settings.Redis redis(String durability) {
        var yaml = "spillway:\n  redis: { uri: \"redis://localhost\", durability: " + durability + " }\n";
        return switch (Settings.parse(yaml)) {
            case Loaded.Ready(var settings) -> settings.redis();
            case Loaded.Refused(var problems) -> throw new AssertionError(problems.toString());
        };
    }

    private static Permissions of(Set<Role> roles) {
        return Permissions.of(roles, true, redis("replicated"));
    }

    private static Set<String> rulesIn(Script... scripts) {
        return Stream.of(scripts)
                .flatMap(script -> Permissions.rulesIn(script.text()).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> documented(String user) throws IOException {
        var line = Files.readString(DOC)
                .lines()
                .filter(one -> one.startsWith("ACL SETUSER " + user + " "))
                .findFirst()
                .orElseThrow();
        return new TreeSet<>(List.of(line.split(" ", -1)));
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void the_documented_line_of_a_role_is_what_its_processes_need(Role role) throws IOException {
        var user = "spillway-" + role.name().toLowerCase(Locale.ROOT);

        assertThat(documented(user)).isEqualTo(written(of(EnumSet.of(role)).acl(user)));
    }

    @Test
    void the_documented_line_of_all_roles_is_what_their_processes_need() throws IOException {
        assertThat(documented("spillway"))
                .isEqualTo(written(of(EnumSet.allOf(Role.class)).acl("spillway")));
    }

    // CONFIG GET is not needed, but without it nobody can see whether the server is safe.
    private static Set<String> written(String acl) {
        var words = new TreeSet<>(List.of(acl.split(" ", -1)));
        words.add("+config|get");
        return words;
    }

    @Test
    void what_scripts_call_is_in_the_list_of_the_role_that_runs_them() {
        assertThat(of(EnumSet.of(Role.INGEST)).rules()).containsAll(rulesIn(Script.ECHO, Script.QUARANTINE));
        assertThat(of(EnumSet.of(Role.WORKER)).rules())
                .containsAll(rulesIn(
                        Script.LEASE,
                        Script.RELEASE,
                        Script.HEARTBEAT,
                        Script.SUBSCRIBE,
                        Script.TAKE,
                        Script.SEEN,
                        Script.COMMIT,
                        Script.ASIDE,
                        Script.REJOIN,
                        Script.SUSPECT,
                        Script.TRIM,
                        Script.SKIP,
                        Script.DROP,
                        Script.BACKLOG,
                        Script.REGISTER,
                        Script.DRIFT));
        assertThat(of(EnumSet.of(Role.DISPATCH)).rules())
                .containsAll(rulesIn(
                        Script.LEASE,
                        Script.RELEASE,
                        Script.HEARTBEAT,
                        Script.SUBSCRIBE,
                        Script.TAKE,
                        Script.BEGIN,
                        Script.ABORT,
                        Script.DONE,
                        Script.SETTLE,
                        Script.TRIM,
                        Script.BACKLOG,
                        Script.REGISTER));
    }

    @Test
    void commands_that_only_some_settings_need_are_asked_for_only_there() {
        var plain =
                Permissions.of(EnumSet.of(Role.INGEST), false, redis("fsync")).rules();

        assertThat(plain).doesNotContain("wait", "cluster|slots");
        assertThat(of(EnumSet.of(Role.INGEST)).rules())
                .contains("wait", "cluster|slots")
                .doesNotContain("cluster|nodes");
        assertThat(of(EnumSet.of(Role.DISPATCH)).rules()).contains("cluster|nodes");
        assertThat(Permissions.of(EnumSet.of(Role.INGEST), false, redis("fsync-replicated"))
                        .rules())
                .contains("waitaof")
                .doesNotContain("wait");
    }
}
