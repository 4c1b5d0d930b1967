// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the keys under redis must be to each other. */
class RedisChecksTest {
    private static List<String> problems(String redis) {
        return switch (Settings.parse("spillway:\n  redis: { " + redis + " }\n")) {
            case Loaded.Ready ignored -> List.of();
            case Loaded.Refused(var problems) ->
                problems.stream().map(Problem::toString).toList();
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "uri: \"redis://a:1,b:2\" | one host",
                "uri: \"redis-sentinel://a:1,b:2\" | the name of the primary",
                "uri: \"redis-sentinel://a:1#main\", mode: cluster | names sentinels",
                "uri: \"redis://a:1/3\", mode: cluster | no database",
                "uri: \"rediss://a:1?verifyPeer=NONE\" | always checked",
                "uri: \"redis://a\", tls: { ca-file: \"/nowhere/ca.pem\" } | a readable file in PEM form",
            })
    void what_does_not_fit_together_is_told(String redis, String expected) {
        assertThat(problems(redis)).singleElement().asString().contains(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "uri: \"redis://a:1,b:2\", mode: cluster",
                "uri: \"redis-sentinel://a:1,b:2?sentinelMasterId=main\"",
                "uri: \"redis-sentinel://a:1,b:2/0#main\", sentinel: { password: x }",
                "uri: \"redis://a:1/0\", mode: cluster",
                "uri: \"rediss://a:1/3\"",
            })
    void what_does_is_taken(String redis) {
        assertThat(problems(redis)).isEmpty();
    }

    @Test
    void certificates_need_tls_and_a_key_each(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("any.pem"), "any");

        assertThat(problems("uri: \"redis://a\", tls: { ca-file: \"" + file + "\" }"))
                .singleElement()
                .asString()
                .contains("redis.tls.ca-file", "rediss://");
        assertThat(problems("uri: \"rediss://a\", tls: { certificate-file: \"" + file + "\" }"))
                .singleElement()
                .asString()
                .contains("both certificate-file and key-file");
        assertThat(problems("uri: \"rediss://a\", tls: { certificate-file: \"%s\", key-file: \"%s\", ca-file: \"%s\" }"
                        .formatted(file, file, file)))
                .isEmpty();
    }
}
