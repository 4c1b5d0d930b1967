// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteScanTest {
    @ParameterizedTest
    @ValueSource(bytes = {'\n', '\r'})
    void a_line_break_is_found_wherever_it_stands(byte lineBreak) {
        for (var at = 0; at < 40; at++) {
            var bytes = filled(40, 'x');
            bytes[at] = lineBreak;

            assertThat(ByteScan.holdsLineBreak(bytes, 0, 40)).isTrue();
            assertThat(ByteScan.holdsLineBreak(bytes, 0, at)).isFalse();
            assertThat(ByteScan.holdsLineBreak(bytes, at + 1, 40)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(bytes = {'"', '\\', 0, '\n', 0x1F, (byte) 0x80, (byte) 0xC3, (byte) 0xFF})
    void what_is_not_plain_is_never_jumped_over(byte special) {
        for (var at = 0; at < 40; at++) {
            var bytes = filled(40, ' ');
            bytes[at] = special;

            assertThat(ByteScan.afterPlain(bytes, 0, 40)).isBetween(at - 7, at);
            assertThat(ByteScan.afterPlain(bytes, at + 1, 40)).isGreaterThanOrEqualTo(33);
        }
    }

    @ParameterizedTest
    @ValueSource(chars = {' ', '!', '#', '[', ']', '\u007f', '0', '\u000b', '\u000e'})
    void its_neighbours_hold_nothing_up(char plain) {
        assertThat(ByteScan.holdsLineBreak(filled(40, plain), 0, 40)).isFalse();
        assertThat(ByteScan.afterPlain(filled(40, plain), 0, 40)).isEqualTo(plain < ' ' ? 0 : 40);
    }

    private static byte[] filled(int length, char with) {
        var bytes = new byte[length];
        Arrays.fill(bytes, (byte) with);
        return bytes;
    }
}
