// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Walks JSON bytes once, forward, and knows at every moment where it is, so that values can be cut out byte for byte.
 *
 * <p>Strict: RFC 8259 and valid UTF-8, nothing else passes. Strict matters, because what passes is stored as it came
 * and a raw line break inside a string would break the record it is stored in. A walk looks like this, the cursor being
 * before the value inside the loop and each round consuming exactly one value:
 *
 * <pre>{@code
 * for (var more = json.beginObject(); more; more = json.nextField()) {
 *     switch (json.name()) {
 *         case "id" -> id = json.scalar();
 *         default -> json.skip();
 *     }
 * }
 * }</pre>
 *
 * <p>Why not a library's parser: one pass with slices is all we need, and this one costs no set-up, no symbol table and
 * no object per position.
 */
final class JsonCursor {
    private static final boolean[] PLAIN = new boolean[256];

    static {
        for (var b = 0x20; b < 0x80; b++) {
            PLAIN[b] = b != '"' && b != '\\';
        }
    }

    private final byte[] in;
    private final int end;
    private final int depthMax;
    private int at;
    private int depth;
    private int nameFrom;
    private int nameTo;
    private boolean nameEscaped;

    JsonCursor(byte[] in, int from, int to, int depthMax) {
        this.in = in;
        this.at = from;
        this.end = to;
        this.depthMax = depthMax;
    }

    /** The first byte of the next token; the cursor stands on it. */
    int peek() throws MalformedJson {
        while (at < end) {
            var b = in[at];
            if (b > ' ') {
                return b;
            }
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                throw MalformedJson.notJson();
            }
            at++;
        }
        throw MalformedJson.notJson();
    }

    /** Where the next token begins. */
    int start() throws MalformedJson {
        peek();
        return at;
    }

    /** Enters an object; true with the cursor before the first field's value, false after an empty object. */
    boolean beginObject() throws MalformedJson {
        enter('{');
        if (peek() == '}') {
            leave();
            return false;
        }
        fieldName();
        return true;
    }

    /** True with the cursor before the next field's value, false after the object. */
    boolean nextField() throws MalformedJson {
        return switch (peek()) {
            case ',' -> {
                at++;
                fieldName();
                yield true;
            }
            case '}' -> {
                leave();
                yield false;
            }
            default -> throw MalformedJson.notJson();
        };
    }

    /** Enters an array; true with the cursor before the first item, false after an empty array. */
    boolean beginArray() throws MalformedJson {
        enter('[');
        if (peek() == ']') {
            leave();
            return false;
        }
        return true;
    }

    /** True with the cursor before the next item, false after the array. */
    boolean nextItem() throws MalformedJson {
        return switch (peek()) {
            case ',' -> {
                at++;
                yield true;
            }
            case ']' -> {
                leave();
                yield false;
            }
            default -> throw MalformedJson.notJson();
        };
    }

    /** The name of the field whose value is next, or {@link FieldNames#UNKNOWN}. */
    String name() {
        if (!nameEscaped) {
            return FieldNames.of(in, nameFrom + 1, nameTo - 1);
        }
        var bytes = decode(nameFrom + 1, nameTo - 1).getBytes(StandardCharsets.UTF_8);
        return FieldNames.of(bytes, 0, bytes.length);
    }

    /** Where the field whose value is next begins, at the quote of its name. */
    int nameFrom() {
        return nameFrom;
    }

    /** The bytes from {@code from} up to the cursor. */
    RawJson since(int from) {
        return RawJson.view(in, from, at - from);
    }

    /** Consumes any value. */
    void skip() throws MalformedJson {
        switch (peek()) {
            case '{' -> {
                for (var more = beginObject(); more; more = nextField()) {
                    skip();
                }
            }
            case '[' -> {
                for (var more = beginArray(); more; more = nextItem()) {
                    skip();
                }
            }
            case '"' -> string();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> number();
        }
    }

    /** Consumes any value; the content of a string or the digits of a number, null for anything else. */
    @Nullable
    String scalar() throws MalformedJson {
        var first = peek();
        if (first == '"') {
            var from = at + 1;
            return string() ? decode(from, at - 1) : new String(in, from, at - 1 - from, StandardCharsets.UTF_8);
        }
        if (first == '-' || isDigit(first)) {
            var from = at;
            number();
            return new String(in, from, at - from, StandardCharsets.ISO_8859_1);
        }
        skip();
        return null;
    }

    /** Consumes any value; the content of a string, null for anything else. */
    @Nullable
    String text() throws MalformedJson {
        if (peek() == '"') {
            return scalar();
        }
        skip();
        return null;
    }

    /** Consumes any value; whether it was {@code true}. */
    boolean isTrue() throws MalformedJson {
        var yes = peek() == 't';
        skip();
        return yes;
    }

    /** Only white space may be left. */
    void end() throws MalformedJson {
        while (at < end) {
            var b = in[at++];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                throw MalformedJson.notJson();
            }
        }
    }

    private void enter(int bracket) throws MalformedJson {
        if (peek() != bracket) {
            throw MalformedJson.notJson();
        }
        if (++depth > depthMax) {
            throw MalformedJson.tooDeep();
        }
        at++;
    }

    private void leave() {
        at++;
        depth--;
    }

    private void fieldName() throws MalformedJson {
        if (peek() != '"') {
            throw MalformedJson.notJson();
        }
        nameFrom = at;
        nameEscaped = string();
        nameTo = at;
        if (peek() != ':') {
            throw MalformedJson.notJson();
        }
        at++;
    }

    /** Consumes a string, the cursor being on its first quote; whether it holds escapes. */
    private boolean string() throws MalformedJson {
        var escaped = false;
        var i = at + 1;
        while (true) {
            i = ByteScan.afterPlain(in, i, end);
            while (i < end && PLAIN[in[i] & 0xFF]) {
                i++;
            }
            if (i >= end) {
                throw MalformedJson.notJson();
            }
            var b = in[i];
            if (b == '"') {
                at = i + 1;
                return escaped;
            }
            if (b == '\\') {
                escaped = true;
                i = afterEscape(i + 1);
            } else {
                i = afterUtf8(i); // refuses control characters too
            }
        }
    }

    private int afterEscape(int i) throws MalformedJson {
        if (i >= end) {
            throw MalformedJson.notJson();
        }
        switch (in[i]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
                return i + 1;
            }
            case 'u' -> {
                if (end - i < 5) {
                    throw MalformedJson.notJson();
                }
                for (var digit = i + 1; digit < i + 5; digit++) {
                    if (Character.digit(in[digit], 16) < 0) {
                        throw MalformedJson.notJson();
                    }
                }
                return i + 5;
            }
            default -> throw MalformedJson.notJson();
        }
    }

    /** Well-formed UTF-8 as in Unicode table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF. */
    private int afterUtf8(int i) throws MalformedJson {
        var lead = in[i] & 0xFF;
        var second = i + 1 < end ? in[i + 1] & 0xFF : 0;
        if (lead >= 0xC2 && lead <= 0xDF) {
            return continued(i + 1, 1);
        }
        if (lead >= 0xE0 && lead <= 0xEF) {
            var least = lead == 0xE0 ? 0xA0 : 0x80;
            var most = lead == 0xED ? 0x9F : 0xBF;
            return second >= least && second <= most ? continued(i + 1, 2) : fail();
        }
        if (lead >= 0xF0 && lead <= 0xF4) {
            var least = lead == 0xF0 ? 0x90 : 0x80;
            var most = lead == 0xF4 ? 0x8F : 0xBF;
            return second >= least && second <= most ? continued(i + 1, 3) : fail();
        }
        return fail();
    }

    private int continued(int i, int count) throws MalformedJson {
        if (end - i < count) {
            return fail();
        }
        for (var next = i; next < i + count; next++) {
            if ((in[next] & 0xC0) != 0x80) {
                return fail();
            }
        }
        return i + count;
    }

    private static int fail() throws MalformedJson {
        throw MalformedJson.notJson();
    }

    private void literal(String word) throws MalformedJson {
        if (end - at < word.length()) {
            throw MalformedJson.notJson();
        }
        for (var i = 0; i < word.length(); i++) {
            if (in[at + i] != word.charAt(i)) {
                throw MalformedJson.notJson();
            }
        }
        at += word.length();
    }

    private void number() throws MalformedJson {
        if (in[at] == '-') {
            at++;
        }
        if (at < end && in[at] == '0') {
            at++;
        } else {
            digits();
        }
        if (at < end && in[at] == '.') {
            at++;
            digits();
        }
        if (at < end && (in[at] == 'e' || in[at] == 'E')) {
            at++;
            if (at < end && (in[at] == '+' || in[at] == '-')) {
                at++;
            }
            digits();
        }
    }

    private void digits() throws MalformedJson {
        if (at >= end || !isDigit(in[at])) {
            throw MalformedJson.notJson();
        }
        while (at < end && isDigit(in[at])) {
            at++;
        }
    }

    private static boolean isDigit(int b) {
        return b >= '0' && b <= '9';
    }

    /** The text of string content that was checked before. */
    private String decode(int from, int to) {
        var raw = new String(in, from, to - from, StandardCharsets.UTF_8);
        var text = new StringBuilder(raw.length());
        for (var i = 0; i < raw.length(); i++) {
            var c = raw.charAt(i);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            var escape = raw.charAt(++i);
            switch (escape) {
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'u' -> {
                    text.append((char) Integer.parseInt(raw, i + 1, i + 5, 16));
                    i += 4;
                }
                default -> text.append(escape);
            }
        }
        return text.toString();
    }
}
