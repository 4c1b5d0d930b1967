// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RespScannerTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "+OK\r\n",
                "-ERR no\r\n",
                ":-12\r\n",
                "$5\r\nhello\r\n",
                "$0\r\n\r\n",
                "$-1\r\n",
                "$4\r\n\r\n\r\n\r\n",
                "*0\r\n",
                "*-1\r\n",
                "*2\r\n*1\r\n$1\r\na\r\n*0\r\n",
                "_\r\n",
                "#t\r\n",
                ",1.5\r\n",
                "(123456789012345678901234567890\r\n",
                "!5\r\nERR a\r\n",
                "=5\r\ntxt:a\r\n",
                "%2\r\n+a\r\n:1\r\n+b\r\n*1\r\n_\r\n",
                "~2\r\n:1\r\n:2\r\n",
                ">2\r\n+pubsub\r\n$1\r\nx\r\n",
                "|1\r\n+ttl\r\n:9\r\n*1\r\n:1\r\n",
                "*2\r\n|1\r\n+a\r\n+b\r\n:1\r\n:2\r\n",
                "|0\r\n+OK\r\n",
            })
    void a_frame_ends_at_its_last_byte_and_nowhere_before(String frame) {
        assertThat(ends(frame + frame, 1_000)).containsExactly(frame.length(), 2 * frame.length());
        assertThat(ends(frame + frame, 1)).containsExactly(frame.length(), 2 * frame.length());
    }

    @Property(tries = 300)
    void pieces_of_any_size_make_no_difference(
            @ForAll("frames") List<String> frames, @ForAll @IntRange(min = 1, max = 40) int piece) {
        var expected = new ArrayList<Integer>();
        int end = 0;
        for (var frame : frames) {
            end += frame.length();
            expected.add(end);
        }

        assertThat(ends(String.join("", frames), piece)).isEqualTo(expected);
    }

    @Test
    void a_bare_line_is_a_command_but_no_reply() {
        var line = "PING\r\n".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(RespScanner.ofCommands().endOfFrame(line, 0, line.length)).isEqualTo(line.length);
        assertThatThrownBy(() -> RespScanner.ofReplies().endOfFrame(line, 0, line.length))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void absurd_lengths_and_depths_are_refused() {
        assertThatThrownBy(() -> ends("$99999999999999999999\r\n", 100)).hasMessageContaining("length");
        assertThatThrownBy(() -> ends("*1\r\n".repeat(200), 100)).hasMessageContaining("deeper");
    }

    @Provide
    Arbitrary<List<String>> frames() {
        return frame(3).list().ofMinSize(1).ofMaxSize(6);
    }

    private static Arbitrary<String> frame(int depth) {
        var leaf = Arbitraries.oneOf(
                Arbitraries.strings().alpha().ofMaxLength(9).map(text -> "+" + text + "\r\n"),
                Arbitraries.integers().map(number -> ":" + number + "\r\n"),
                Arbitraries.strings()
                        .withChars("ab\r\n$*")
                        .ofMaxLength(30)
                        .map(text -> "$" + text.length() + "\r\n" + text + "\r\n"),
                Arbitraries.of("$-1\r\n", "_\r\n", "*0\r\n", "#f\r\n"));
        return depth == 0
                ? leaf
                : Arbitraries.oneOf(leaf, tree("*", 1, depth - 1), tree("~", 1, depth - 1), tree("%", 2, depth - 1));
    }

    private static Arbitrary<String> tree(String type, int each, int depth) {
        return frame(depth).list().ofMaxSize(4).map(children -> {
            var whole = children.subList(0, children.size() / each * each);
            return type + whole.size() / each + "\r\n" + String.join("", whole);
        });
    }

    private static List<Integer> ends(String stream, int piece) {
        var scanner = RespScanner.ofReplies();
        var bytes = stream.getBytes(StandardCharsets.ISO_8859_1);
        var ends = new ArrayList<Integer>();
        for (int from = 0; from < bytes.length; from += piece) {
            var to = Math.min(bytes.length, from + piece);
            for (int end = scanner.endOfFrame(bytes, from, to); end >= 0; end = scanner.endOfFrame(bytes, end, to)) {
                ends.add(end);
            }
        }
        return ends;
    }
}
