// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @Test
    void every_problem_of_the_configuration_is_a_line_on_standard_error_and_the_exit_code_is_2() throws Exception {
        var file = write("""
            spillway:
              http: { prot: 80 }
              partitions: 0
              pages: { "1": { app: a, token: "EAAG\\thidden" } }
            """);

        var ended = start(Map.of("SPILLWAY_OPS_PORT", "none"), "run", "--config", file.toString());

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err().lines())
                .containsExactlyInAnyOrder(
                        "spillway.http.prot: unknown key (expected: perhaps spillway.http.port; line 2)",
                        "spillway.partitions: 0 (expected: 1..1024; line 3)",
                        "spillway.ops.port: none (expected: 0..65535; SPILLWAY_OPS_PORT)",
                        "spillway.pages.1.token: *** (expected: a secret in one line; line 4)",
                        "spillway.pages.1.app: a (expected: an app under spillway.apps; line 4)",
                        "spillway.redis.uri: missing (expected: redis://, rediss://, redis-sentinel:// or"
                                + " rediss-sentinel:// with a host and a port)");
    }

    @Test
    void a_run_gets_its_settings_and_logs_json_on_standard_output() throws Exception {
        var file = write("spillway: { ops: { token: hidden } }\n");

        var ended = start(Map.of("SPILLWAY_REDIS_URI", "redis://r:1"), "run", "--config", file.toString());

        assertThat(ended.code()).isZero();
        assertThat(ended.err()).isEmpty();
        assertThat(ended.out().lines().toList())
                .singleElement()
                .asString()
                .startsWith("{\"timestamp\":\"")
                .contains("\"message\":\"running\"", "\"token\":\"Optional[***]\"");
    }

    @Test
    void dev_mode_logs_text_on_standard_error() throws Exception {
        var ended = start(Map.of(), "dev");

        assertThat(ended.code()).isZero();
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains("INFO ", " developing").doesNotContain("{");
    }

    @Test
    void a_configuration_that_is_not_there_is_told_in_a_line() throws Exception {
        var missing = directory.resolve("nowhere.yaml");

        var ended = start(Map.of(), "run", "--config", missing.toString());

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err().strip())
                .isEqualTo("configuration file: " + missing + " (expected: a readable file of YAML in UTF-8)");
    }

    private record Ended(int code, String out, String err) {}

    private Ended start(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        var out = directory.resolve("out");
        var err = directory.resolve("err");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ProcessMain.class.getName()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("SPILLWAY_") || name.startsWith("JAVA_"));
        builder.environment().putAll(environment);
        var process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(directory.resolve("spillway.yaml"), yaml);
    }
}
