// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EscapedTest {
    @Test
    void printable_ascii_stays_as_it_is() {
        assertThat(Escaped.text("{\"a\": 1}~ ")).isEqualTo("{\"a\": 1}~ ");
    }

    @Test
    void nothing_that_a_terminal_could_take_for_an_order_passes() {
        assertThat(Escaped.text("\u001b]0;x\u0007\r\n\t\u0000\u007f"))
                .isEqualTo("\\x1b]0;x\\x07\\x0d\\x0a\\x09\\x00\\x7f");
        assertThat(Escaped.text("\u202e\u009b")).isEqualTo("\\xe2\\x80\\xae\\xc2\\x9b");
        assertThat(Escaped.text(new byte[] {(byte) 0xff})).isEqualTo("\\xff");
    }

    @Test
    void the_escape_itself_is_escaped_so_that_it_can_be_told_from_one() {
        assertThat(Escaped.text("\\x1b")).isEqualTo("\\\\x1b");
    }
}
