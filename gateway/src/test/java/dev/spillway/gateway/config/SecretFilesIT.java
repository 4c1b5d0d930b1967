// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFilesIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @Test
    void every_secret_may_stand_in_a_file_and_one_line_end_is_not_part_of_it() throws IOException {
        write("new", "s1\n");
        write("old", "s0");
        write("verify", "v\r\n");
        write("page", " t \n");
        var yaml = write("spillway.yaml", """
            spillway:
              redis: { uri: 'redis://r:1' }
              apps: { a: { secrets-files: [new, old], verify-token-file: verify } }
              pages: { "1": { app: a, token-file: ./page } }
            """);

        var settings = ready(Settings.load(yaml, Map.of()));

        assertThat(Entry.of(settings.apps(), "a").secrets())
                .extracting(Secret::reveal)
                .containsExactly("s1", "s0");
        assertThat(Entry.of(settings.apps(), "a").verifyToken().reveal()).isEqualTo("v");
        assertThat(Entry.of(settings.pages(), "1").token().reveal()).isEqualTo(" t ");
    }

    @Test
    void a_secret_is_read_again_on_request_and_kept_when_its_file_is_gone() throws IOException {
        var file = write("token", "one\n");
        var yaml = write("spillway.yaml", "spillway: { redis: { uri: 'redis://r:1' }, ops: { token-file: token } }");
        var token = ready(Settings.load(yaml, Map.of())).ops().token().orElseThrow();

        assertThat(token.reread()).isEqualTo(Secret.Reread.SAME);

        write("token", "two\n");
        assertThat(token.reread()).isEqualTo(Secret.Reread.CHANGED);
        assertThat(token.reveal()).isEqualTo("two");

        write("token", "");
        assertThat(token.reread()).isEqualTo(Secret.Reread.UNREADABLE);
        Files.delete(file);
        assertThat(token.reread()).isEqualTo(Secret.Reread.UNREADABLE);
        assertThat(token.reveal()).isEqualTo("two");
    }

    @Test
    void a_missing_empty_or_odd_file_is_a_problem_like_others() throws IOException {
        write("empty", "\n");
        Files.write(directory.resolve("binary"), new byte[] {(byte) 0xC3, 0x28});
        var yaml = write("spillway.yaml", """
            spillway:
              redis: { uri: 'redis://r:1', password-file: ./missing }
              ops: { token-file: ./empty }
              apps: { a: { secrets-files: [./binary, ./], verify-token: v, verify-token-file: ./empty } }
            """);

        var loaded = Settings.load(yaml, Map.of());

        assertThat(((Loaded.Refused) loaded).problems())
                .extracting(Problem::toString)
                .containsExactlyInAnyOrder(
                        "spillway.redis.password-file: ./missing (expected: a readable file with one line of text;"
                                + " line 2)",
                        "spillway.ops.token-file: ./empty (expected: a readable file with one line of text; line 3)",
                        "spillway.apps.a.secrets-files: ./binary (expected: a readable file with one line of text;"
                                + " line 4)",
                        "spillway.apps.a.secrets-files: ./ (expected: a readable file with one line of text; line 4)",
                        "spillway.apps.a.verify-token: given twice (expected: verify-token or verify-token-file, not"
                                + " both; line 4)");
    }

    @Test
    void a_file_of_the_environment_takes_the_place_of_the_text_in_the_configuration() throws IOException {
        var file = write("token", "from-file\n");
        var yaml = write("spillway.yaml", """
            spillway:
              redis: { uri: 'redis://r:1' }
              ops: { token: from-yaml }
              apps: { a: { secrets-files: [token], verify-token: v } }
            """);

        var settings = ready(Settings.load(
                yaml,
                Map.of("SPILLWAY_OPS_TOKEN_FILE", file.toString(), "SPILLWAY_APPS_A_SECRETS_0_", "from-variable")));

        assertThat(settings.ops().token().orElseThrow().reveal()).isEqualTo("from-file");
        assertThat(Entry.of(settings.apps(), "a").secrets())
                .extracting(Secret::reveal)
                .containsExactly("from-variable");
    }

    @Test
    void a_configuration_that_is_not_there_is_one_problem() {
        var missing = directory.resolve("nowhere.yaml");

        assertThat(Settings.load(missing, Map.of()))
                .hasToString("Refused[problems=[configuration file: " + missing
                        + " (expected: a readable file of YAML in UTF-8)]]");
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static Settings ready(Loaded loaded) {
        return ((Loaded.Ready) loaded).settings();
    }
}
