// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CommandTest {
    private static final String TEXT = "#!lua\nreturn 1";

    @Test
    void a_command_knows_its_name_and_first_arguments() {
        var command = read("*5\r\n$4\r\nxadd\r\n$4\r\ng{1}\r\n$1\r\n*\r\n$1\r\nb\r\n$4\r\na\r\nb\r\n");

        assertThat(command.name()).isEqualTo("XADD");
        assertThat(command.arguments()).containsExactly("g{1}", "*", "b", "a\r\nb");
        assertThat(CommandMatch.named("xadd").matches(command)).isTrue();
        assertThat(CommandMatch.named("XADD").with("g{1}").matches(command)).isTrue();
        assertThat(CommandMatch.named("XADD").with("g{2}").matches(command)).isFalse();
    }

    @Test
    void a_container_command_has_its_subcommand_in_its_name() {
        assertThat(read("xgroup create s g $\r\n").name()).isEqualTo("XGROUP CREATE");
    }

    @Test
    void a_script_has_one_name_whether_by_hash_or_by_text() {
        var sha = Command.sha1(TEXT);
        var byHash = read("*3\r\n$7\r\nEVALSHA\r\n$40\r\n" + sha + "\r\n$1\r\n0\r\n");
        var byText = read("*3\r\n$4\r\nEVAL\r\n$" + TEXT.length() + "\r\n" + TEXT + "\r\n$1\r\n0\r\n");

        assertThat(byHash.script()).isEqualTo("take");
        assertThat(byText.script()).isEqualTo("take");
        assertThat(byHash).hasToString("EVALSHA take");
        assertThat(CommandMatch.script("take").matches(byHash)).isTrue();
    }

    @Test
    void a_long_argument_is_kept_short() {
        var command = read("SET k " + "v".repeat(500) + "\r\n");

        assertThat(command.arguments().get(1)).hasSize(Command.ARGUMENT_CHARS_KEPT);
        assertThat(command.toString()).isEqualTo("SET");
    }

    private static Command read(String frame) {
        return Command.of(frame.getBytes(StandardCharsets.ISO_8859_1), sha -> Map.of(Command.sha1(TEXT), "take")
                .getOrDefault(sha, sha));
    }
}
