// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.gateway.messenger.Reply.Button;
import dev.spillway.gateway.messenger.Reply.QuickReply;
import dev.spillway.gateway.messenger.ReplyJson.Reading;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyJsonTest {
    private static final Reply CHOICES = new Reply.Text(
            "Which \"one\"?", List.of(new QuickReply("Maths", "MATHS"), new QuickReply("\u00c9t\u00e9", "X")));
    private static final Reply BUTTONS = new Reply.Buttons(
            "Go", List.of(new Button.Postback("Yes", "Y"), new Button.Link("Web", "https://ex.test/a")));

    @Test
    void a_reply_becomes_the_message_of_the_platform() {
        assertThat(message(Reply.text("h\u00e9\n"), null)).isEqualTo("{\"text\":\"h\u00e9\\u000a\"}");
        assertThat(message(Reply.text("x"), "gw:1")).isEqualTo("{\"text\":\"x\",\"metadata\":\"gw:1\"}");
        assertThat(message(CHOICES, null)).isEqualTo("""
            {"text":"Which \\"one\\"?","quick_replies":[{"content_type":"text","title":"Maths","payload":"MATHS"},\
            {"content_type":"text","title":"\u00c9t\u00e9","payload":"X"}]}\
            """);
        assertThat(message(BUTTONS, "m")).isEqualTo("""
            {"attachment":{"type":"template","payload":{"template_type":"button","text":"Go","buttons":[\
            {"type":"postback","title":"Yes","payload":"Y"},{"type":"web_url","title":"Web","url":"https://ex.test/a"}]}},\
            "metadata":"m"}\
            """);
    }

    @Test
    void the_platforms_own_shape_passes_through_and_its_metadata_gives_way() {
        var own = new Reply.Message(RawJson.of("{ \"metadata\" : \"bot\" , \"text\":\"\\u00e9\", \"n\": 1.50 }"));

        assertThat(message(own, null)).isEqualTo("{\"metadata\" : \"bot\",\"text\":\"\\u00e9\",\"n\": 1.50}");
        assertThat(message(own, "ours")).isEqualTo("{\"text\":\"\\u00e9\",\"n\": 1.50,\"metadata\":\"ours\"}");
        assertThat(ReplyJson.metadata(own)).isEqualTo("bot");
        assertThat(message(new Reply.Message(RawJson.of("{}")), "ours")).isEqualTo("{\"metadata\":\"ours\"}");
        assertThat(ReplyJson.metadata(CHOICES)).isNull();
        assertThatThrownBy(() -> message(new Reply.Message(RawJson.of("[]")), null))
                .hasMessage("message: not a JSON object");
    }

    @Test
    void replies_of_bots_are_read() {
        assertThat(read("{\"text\":\"hello\"}")).isEqualTo(ok(Reply.text("hello")));
        assertThat(
                        read(
                                "{\"text\":\"Which"
                                    + " \\\"one\\\"?\",\"quickReplies\":[{\"title\":\"Maths\",\"payload\":\"MATHS\"},{\"payload\":\"X\",\"title\":\"\u00c9t\\u00e9\"}]}"))
                .isEqualTo(ok(CHOICES));
        assertThat(
                        read(
                                "{\"buttons\":[{\"title\":\"Yes\",\"payload\":\"Y\"},{\"title\":\"Web\",\"url\":\"https://ex.test/a\"}],\"text\":\"Go\",\"x\":1}"))
                .isEqualTo(ok(BUTTONS));
        assertThat(read("{\"message\": {\"attachment\" : {}} }"))
                .isEqualTo(ok(new Reply.Message(RawJson.of("{\"attachment\" : {}}"))));
    }

    @Test
    void a_whole_answer_is_read() {
        assertThat(answer("{\"replies\":[{\"text\":\"a\"},{\"message\":{\"text\":\"b\"}}]}"))
                .isEqualTo(new Reading.Ok(List.of(Reply.text("a"), new Reply.Message(RawJson.of("{\"text\":\"b\"}")))));
        assertThat(answer("{}")).isEqualTo(new Reading.Ok(List.of()));
        assertThat(answer("{\"replies\":{}}")).isEqualTo(new Reading.Malformed("replies: not an array"));
        var many = IntStream.range(0, 21).mapToObj(i -> "{\"text\":\"a\"}").collect(Collectors.joining(","));
        assertThat(answer("{\"replies\":[" + many + "]}"))
                .isEqualTo(new Reading.Malformed("replies: more than 20 (expected: 0..20)"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        `not json`                                          | reply: not an object
        `{"text":"a"} x`                                    | body: not a JSON object
        `{"text":"a"`                                       | body: not a JSON object
        `[]`                                                | reply: not an object
        `{}`                                                | reply: neither text nor message
        `{"text":7}`                                        | text: not a string
        `{"message":"x"}`                                   | message: not an object
        `{"message":{},"text":"x"}`                         | message: stands beside text, quickReplies or buttons (expected: alone)
        `{"text":"x","quickReplies":{}}`                    | quickReplies: not an array
        `{"text":"x","quickReplies":["a"]}`                 | quickReplies: an item is not an object
        `{"text":"x","quickReplies":[{"title":"a"}]}`       | quickReplies: an item without title or payload
        `{"text":"x","buttons":[{"title":"a"}]}`            | buttons: an item without title and exactly one of payload and url
        `{"text":"x","buttons":[{"title":"a","payload":"p","url":"u"}]}` | buttons: an item without title and exactly one of payload and url
        `{"text":"x","buttons":[],"quickReplies":[]}`       | buttons: stand beside quickReplies (expected: one of them)
        """)
    void what_is_no_reply_is_said(String json, String problem) {
        assertThat(read(json)).isEqualTo(new Reading.Malformed(problem));
    }

    @Property
    void reading_never_throws(@ForAll byte[] bytes, @ForAll int at, @ForAll byte value) {
        assertThat(ReplyJson.read(bytes)).isInstanceOf(Reading.Malformed.class);

        var json = "{\"text\":\"x\",\"buttons\":[{\"title\":\"a\",\"payload\":\"p\"}]}".getBytes(UTF_8);
        var cut = Arrays.copyOf(json, Math.floorMod(at, json.length));
        json[Math.floorMod(at, json.length)] = value;
        assertThatCode(() -> ReplyJson.read(json)).doesNotThrowAnyException();
        assertThatCode(() -> ReplyJson.readAnswer(cut)).doesNotThrowAnyException();
    }

    @Property
    void any_text_comes_out_as_it_went_in(@ForAll String text) {
        var written = ReplyJson.message(Reply.text(text), null);

        assertThat(ReplyJson.read(written)).isEqualTo(ok(Reply.text(text)));
    }

    private static Reading ok(Reply reply) {
        return new Reading.Ok(List.of(reply));
    }

    private static Reading read(String json) {
        return ReplyJson.read(json.getBytes(UTF_8));
    }

    private static Reading answer(String json) {
        return ReplyJson.readAnswer(json.getBytes(UTF_8));
    }

    private static String message(Reply reply, @Nullable String metadata) {
        return new String(ReplyJson.message(reply, metadata), UTF_8);
    }
}
