// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<DevOptions> asked = new ArrayList<>();

    private Commands.DevRunner dev = options -> {
        asked.add(options);
        return 0;
    };

    @AfterEach
    void restore() {
        System.clearProperty("logback.configurationFile");
    }

    @Test
    void dev_mode_is_asked_for_with_its_ports_and_its_folder() {
        assertThat(execute("dev")).isZero();
        assertThat(execute("dev", "--port", "0", "--http-port=1", "--ops-port", "65535", "--data", "events"))
                .isZero();

        assertThat(asked)
                .containsExactly(
                        new DevOptions(8080, 8081, 8090, Optional.empty()),
                        new DevOptions(1, 65535, 0, Optional.of(Path.of("events"))));
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dev --port 70000",
                "dev --port many",
                "dev --porrt 1",
                "dev more",
                "quarantine",
                "quarantine list",
                "subscription",
                "subscription show",
                "subscription add --config x",
                "subscription add --config x Shop",
                "subscription add --config x shop --on-full never",
                "subscription reset --config x shop",
                "subscription reset --config x shop --to yesterday --yes",
                "subscription reset --config x shop --to-start",
                "subscription remove --config x shop",
                "run",
                "rum",
                "",
                "--x"
            })
    void a_wrong_command_line_is_told_on_standard_error_and_ends_with_2(String arguments) {
        assertThat(execute(arguments.isEmpty() ? new String[0] : arguments.split(" ")))
                .isEqualTo(2);

        assertThat(err.toString()).startsWith("spillway: ").contains("--help'").doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "run --help",
                "dev --help",
                "version --help",
                "quarantine --help",
                "quarantine show --help",
                "subscription --help",
                "subscription add --help",
                "subscription pause --help",
                "subscription reset --help",
                "help",
                "help run"
            })
    void every_command_helps_on_standard_output(String arguments) {
        assertThat(execute(arguments.split(" "))).isZero();

        assertThat(out.toString()).contains("Usage: spillway");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void the_version_is_told_to_people_and_to_machines() {
        assertThat(execute("version")).isZero();
        assertThat(out.toString().strip()).isEqualTo("Spillway 1.2 (commit abc, Java 25)");

        out.getBuffer().setLength(0);
        assertThat(execute("version", "--json")).isZero();
        assertThat(out.toString().strip()).isEqualTo("{\"version\":\"1.2\",\"commit\":\"abc\",\"java\":\"25\"}");
    }

    @Test
    void what_a_command_tells_its_user_is_told_as_it_is() {
        dev = options -> {
            throw new CommandFailure("port 8080 is in use: choose another with --http-port");
        };

        assertThat(execute("dev")).isEqualTo(1);
        assertThat(err.toString().strip()).isEqualTo("spillway: port 8080 is in use: choose another with --http-port");
    }

    @Test
    void a_bug_ends_with_1_and_its_message_stays_in_the_log() {
        dev = options -> {
            throw new IllegalStateException("hidden");
        };

        assertThat(execute("dev")).isEqualTo(1);
        assertThat(err.toString())
                .contains("java.lang.IllegalStateException")
                .doesNotContain("hidden")
                .doesNotContain("\tat ");
    }

    @Test
    void the_exit_code_of_a_run_is_its_own() {
        dev = options -> 7;

        assertThat(execute("dev")).isEqualTo(7);
    }

    private int execute(String... arguments) {
        return Commands.of(
                        settings -> 0,
                        options -> dev.run(options),
                        (settings, kind) -> {
                            throw new CommandFailure("nothing is kept here");
                        },
                        settings -> {
                            throw new CommandFailure("nobody subscribes here");
                        },
                        new Version("1.2", "abc", "25"),
                        new PrintWriter(out),
                        new PrintWriter(err))
                .execute(arguments);
    }
}
