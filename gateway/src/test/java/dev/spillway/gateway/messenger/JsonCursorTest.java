// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCursorTest {
    private static final JsonFactory JACKSON = new JsonFactory();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                " [ 1 , -0 , 0.5 , 1e9 , -1.25E-3 ] ",
                "{\"a\":{\"b\":[true,false,null]}}",
                "\"\\u00e9\\ud83d\"",
                "\"\u00e9\u20ac\ud83d\ude0a\u007f\"",
                "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
                "{\"\":0}",
                "\t\r\n7\n"
            })
    void json_is_accepted(String json) {
        assertThat(accepts(json.getBytes(UTF_8))).isTrue();
        assertThat(jacksonAccepts(json.getBytes(UTF_8))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "{", "}", "[1,]", "{\"a\":1,}", "{\"a\"}", "{a:1}", "{\"a\":1 \"b\":2}", "[1 2]", "01", "1.",
                        ".5",
                "+1", "-", "1e", "1e+", "NaN", "tru", "truex", "nul", "'a'", "\"", "\"\\\"", "\"\\x\"", "\"\\u12\"",
                "\"\\u12g4\"", "\"a\nb\"", "\"a\u0000\"", "{}{}", "[]]", "/* */1", "\u00e9", "\ufeff{}", "[1}",
                        "{\"a\":1]", "\u000c1"
            })
    void what_is_no_json_is_refused(String json) {
        assertThat(accepts(json.getBytes(UTF_8))).isFalse();
    }

    @Test
    void malformed_utf_8_is_refused() {
        for (var bytes : new int[][] {
            {0x80},
            {0xC0, 0x80},
            {0xC1, 0xBF},
            {0xE0, 0x9F, 0xBF},
            {0xED, 0xA0, 0x80},
            {0xF0, 0x8F, 0xBF, 0xBF},
            {0xF4, 0x90, 0x80, 0x80},
            {0xF5, 0x80, 0x80, 0x80},
            {0xC3},
            {0xE2, 0x82},
            {0xF0, 0x9F, 0x98},
            {0xC3, 0x28},
            {0xFF}
        }) {
            var json = new byte[bytes.length + 2];
            Arrays.fill(json, (byte) '"');
            for (var i = 0; i < bytes.length; i++) {
                json[i + 1] = (byte) bytes[i];
            }
            assertThat(accepts(json)).isFalse();
            assertThat(accepts(Arrays.copyOf(json, bytes.length + 1))).isFalse();
        }
    }

    @Property(tries = 20_000)
    void it_agrees_with_another_strict_parser(@ForAll("almostJson") String json) {
        var bytes = json.getBytes(UTF_8);

        assertThat(accepts(bytes)).isEqualTo(jacksonAccepts(bytes));
    }

    @Property(tries = 20_000)
    void it_agrees_with_another_decoder_on_any_bytes_in_a_string(@ForAll byte[] content) {
        var json = new byte[content.length + 2];
        json[0] = '"';
        System.arraycopy(content, 0, json, 1, content.length);
        json[json.length - 1] = '"';

        assertThat(accepts(json)).isEqualTo(isUtf8(json) && jacksonAccepts(json));
    }

    @Property
    void a_string_reads_back_as_it_was_written(@ForAll String text) throws Exception {
        var out = new ByteArrayOutputStream();
        new JsonOut(out).string(text);

        assertThat(cursor(out.toByteArray()).scalar()).isEqualTo(text);
    }

    @Test
    void a_known_name_is_found_and_another_is_unknown() throws Exception {
        assertThat(name("{\"messaging\":1}")).isEqualTo("messaging");
        assertThat(name("{\"messagi\\u006eg\":1}")).isEqualTo("messaging");
        assertThat(name("{\"messagin\":1}")).isEqualTo(FieldNames.UNKNOWN);
        assertThat(name("{\"\":1}")).isEqualTo(FieldNames.UNKNOWN);
        assertThat(name("{\"\u00e9\":1}")).isEqualTo(FieldNames.UNKNOWN);
    }

    @Test
    void a_slice_is_the_source() throws Exception {
        var json = cursor("{\"a\" : [ 1, {\"b\":\"\\u00e9\"} ] ,\"c\":2}".getBytes(UTF_8));

        assertThat(json.beginObject()).isTrue();
        var name = json.nameFrom();
        var value = json.start();
        json.skip();

        assertThat(json.since(value).text()).isEqualTo("[ 1, {\"b\":\"\\u00e9\"} ]");
        assertThat(json.since(name).text()).isEqualTo("\"a\" : [ 1, {\"b\":\"\\u00e9\"} ]");
        assertThat(json.nextField()).isTrue();
        assertThat(json.scalar()).isEqualTo("2");
        assertThat(json.nextField()).isFalse();
        json.end();
    }

    @Provide
    Arbitrary<String> almostJson() {
        var token = Arbitraries.of(
                "{", "}", "[", "]", ",", ":", "\"a\"", "\"\\n\"", "\"", "1", "-", "0", ".5", "e1", "true", "null", " ",
                "\n", "\\", "x");
        var good = Arbitraries.of(
                "{\"a\":[1,2,{\"b\":null}]}", "[[],{},\"x\\u0041\",-1.5e+3]", "{\"a\":{\"b\":{\"c\":true}},\"d\":[0]}");
        var mutated = Combinators.combine(good, Arbitraries.integers().between(0, 40), token)
                .as((json, at, insert) -> {
                    var cut = Math.min(at, json.length());
                    return at % 3 == 0
                            ? json.substring(0, cut) + insert + json.substring(cut)
                            : json.substring(0, cut) + insert + json.substring(Math.min(cut + 1, json.length()));
                });
        return Arbitraries.oneOf(token.list().ofMaxSize(12).map(tokens -> String.join("", tokens)), mutated);
    }

    private static String name(String json) throws MalformedJson {
        var cursor = cursor(json.getBytes(UTF_8));
        assertThat(cursor.beginObject()).isTrue();
        return cursor.name();
    }

    private static JsonCursor cursor(byte[] json) {
        return new JsonCursor(json, 0, json.length, 64);
    }

    private static boolean accepts(byte[] json) {
        try {
            var cursor = cursor(json);
            cursor.skip();
            cursor.end();
            return true;
        } catch (MalformedJson malformed) {
            return false;
        }
    }

    /** Exactly one value. */
    private static boolean jacksonAccepts(byte[] json) {
        try (JsonParser parser = JACKSON.createParser(new String(json, UTF_8))) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            if (parser.currentToken() != null && parser.currentToken().isScalarValue()) {
                parser.getText(); // a string is read lazily
            }
            return parser.nextToken() == null;
        } catch (IOException malformed) {
            return false;
        }
    }

    private static boolean isUtf8(byte[] bytes) {
        return decoded(bytes) != null;
    }

    private static @Nullable String decoded(byte[] bytes) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException malformed) {
            return null;
        }
    }
}
