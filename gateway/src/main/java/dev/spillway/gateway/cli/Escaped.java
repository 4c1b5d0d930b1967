// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

import java.nio.charset.StandardCharsets;

/** Text from outside, for a terminal: only printable ASCII passes as it is, so that nothing in it can give an order. */
final class Escaped {
    private Escaped() {}

    static String text(String text) {
        return text(text.getBytes(StandardCharsets.UTF_8));
    }

    static String text(byte[] bytes) {
        var text = new StringBuilder(bytes.length);
        for (var b : bytes) {
            if (b == '\\') {
                text.append("\\\\");
            } else if (b >= ' ' && b <= '~') {
                text.append((char) b);
            } else {
                text.append(String.format("\\x%02x", b));
            }
        }
        return text.toString();
    }
}
