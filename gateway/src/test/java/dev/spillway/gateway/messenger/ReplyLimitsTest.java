// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.messenger.Reply.Button;
import dev.spillway.gateway.messenger.Reply.QuickReply;
import dev.spillway.gateway.messenger.ReplyLimits.Limit;
import dev.spillway.gateway.messenger.ReplyLimits.Refusal;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyLimitsTest {
    @ParameterizedTest
    @CsvSource({
        "MESSENGER, 2000, text: 2001 characters (expected: 1..2000)",
        "INSTAGRAM, 1000, text: 1001 bytes (expected: 1..1000)",
        "WHATSAPP, 4096, text: 4097 characters (expected: 1..4096)"
    })
    void a_text_has_the_length_of_its_channel(Channel channel, int max, String message) {
        assertThat(ReplyLimits.check(Reply.text("x".repeat(max)), channel)).isEmpty();
        assertThat(ReplyLimits.check(Reply.text("x".repeat(max + 1)), channel))
                .contains(new Refusal(Limit.TEXT, message));
        assertThat(ReplyLimits.check(Reply.text(""), channel))
                .map(Refusal::limit)
                .contains(Limit.TEXT);
    }

    @Test
    void messenger_counts_characters_and_instagram_bytes() {
        assertThat(ReplyLimits.check(Reply.text("\ud83d\ude0a".repeat(2000)), Channel.MESSENGER))
                .isEmpty();
        assertThat(ReplyLimits.check(Reply.text("\u00e9".repeat(500)), Channel.INSTAGRAM))
                .isEmpty();
        assertThat(ReplyLimits.check(Reply.text("\u00e9".repeat(501)), Channel.INSTAGRAM))
                .contains(new Refusal(Limit.TEXT, "text: 1002 bytes (expected: 1..1000)"));
    }

    @Test
    void quick_replies_are_at_most_13_of_short_titles() {
        assertThat(choices(13, "t".repeat(20), "p".repeat(1000))).isEqualTo("");
        assertThat(choices(14, "t", "p")).isEqualTo("QUICK_REPLIES quickReplies: 14 (expected: 0..13)");
        assertThat(choices(1, "t".repeat(21), "p"))
                .isEqualTo("QUICK_REPLY_TITLE quickReplies.title: 21 characters (expected: 1..20)");
        assertThat(choices(1, "", "p"))
                .isEqualTo("QUICK_REPLY_TITLE quickReplies.title: 0 characters (expected: 1..20)");
        assertThat(choices(2, "t", "p".repeat(1001)))
                .isEqualTo("QUICK_REPLY_PAYLOAD quickReplies.payload: 1001 characters (expected: 1..1000)");
    }

    @Test
    void buttons_are_one_to_three_below_a_short_text() {
        var postback = new Button.Postback("t".repeat(20), "p".repeat(1000));
        var link = new Button.Link("t", "https://ex.test");

        assertThat(buttons("x".repeat(640), postback, link, link)).isEqualTo("");
        assertThat(buttons("x")).isEqualTo("BUTTONS buttons: 0 (expected: 1..3)");
        assertThat(buttons("x", link, link, link, link)).isEqualTo("BUTTONS buttons: 4 (expected: 1..3)");
        assertThat(buttons("x".repeat(641), link)).isEqualTo("TEXT text: 641 characters (expected: 1..640)");
        assertThat(buttons("x", new Button.Postback("t".repeat(21), "p")))
                .isEqualTo("BUTTON_TITLE buttons.title: 21 characters (expected: 1..20)");
        assertThat(buttons("x", new Button.Postback("t", "")))
                .isEqualTo("BUTTON_PAYLOAD buttons.payload: 0 characters (expected: 1..1000)");
        assertThat(buttons("x", new Button.Link("t", "")))
                .isEqualTo("BUTTON_URL buttons.url: 0 characters (expected: 1..2083)");
    }

    @Test
    void the_platforms_own_shape_is_checked_where_it_can_be() {
        assertThat(message("{\"attachment\":{}}")).isEqualTo("");
        assertThat(message("{\"text\":\"" + "x".repeat(2001) + "\"}"))
                .isEqualTo("TEXT text: 2001 characters (expected: 1..2000)");
        assertThat(message("{\"quick_replies\":[" + "{},".repeat(13) + "{}]}"))
                .isEqualTo("QUICK_REPLIES message.quick_replies: 14 (expected: 0..13)");
        assertThat(message("{\"metadata\":\"" + "x".repeat(1000) + "\"}"))
                .isEqualTo("METADATA message.metadata: 1000 characters (expected: 1..999)");
        assertThat(message("[]")).isEqualTo("MESSAGE message: not a JSON object");
        assertThat(message("{}x")).isEqualTo("MESSAGE message: not a JSON object");
    }

    private static String choices(int count, String title, String payload) {
        return told(new Reply.Text("x", Collections.nCopies(count, new QuickReply(title, payload))));
    }

    private static String buttons(String text, Button... buttons) {
        return told(new Reply.Buttons(text, List.of(buttons)));
    }

    private static String message(String json) {
        return told(new Reply.Message(RawJson.of(json)));
    }

    private static String told(Reply reply) {
        return ReplyLimits.check(reply, Channel.MESSENGER)
                .map(refusal -> refusal.limit() + " " + refusal.message())
                .orElse("");
    }
}
