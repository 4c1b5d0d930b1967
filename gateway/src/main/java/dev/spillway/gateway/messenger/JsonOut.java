// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes JSON as it goes, to a growing buffer. The caller keeps the order of commas and brackets. */
final class JsonOut {
    private final ByteArrayOutputStream out;

    JsonOut(ByteArrayOutputStream out) {
        this.out = out;
    }

    /** Writes plain ASCII as it is. */
    JsonOut plain(String ascii) {
        latin(ascii);
        return this;
    }

    /** Writes bytes as they are. */
    JsonOut raw(RawJson json) {
        json.appendTo(out);
        return this;
    }

    /** Writes a string in quotes. It reads back as the same characters, half surrogate pairs too. */
    JsonOut string(String text) {
        out.write('"');
        if (isPlain(text)) {
            latin(text);
        } else {
            out.writeBytes(escaped(text).getBytes(StandardCharsets.UTF_8));
        }
        out.write('"');
        return this;
    }

    private void latin(String text) {
        if (out instanceof LineBuffer line) {
            line.latin(text);
        } else {
            out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private static boolean isPlain(String text) {
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    private static String escaped(String text) {
        var escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                escaped.append('\\').append((char) c);
            } else if (c < ' ' || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
                escaped.append("\\u%04x".formatted(c));
            } else {
                escaped.appendCodePoint(c);
            }
        });
        return escaped.toString();
    }
}
