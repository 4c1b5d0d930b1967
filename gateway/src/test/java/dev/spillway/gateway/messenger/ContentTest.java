// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import static dev.spillway.gateway.messenger.Samples.event;
import static dev.spillway.gateway.messenger.Samples.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.spillway.gateway.messenger.Content.Attachment;
import dev.spillway.gateway.messenger.Content.Echo;
import dev.spillway.gateway.messenger.Content.Message;
import dev.spillway.gateway.messenger.Content.Other;
import dev.spillway.gateway.messenger.Content.Postback;
import dev.spillway.gateway.messenger.Content.Referral;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContentTest {
    @Test
    void a_text_is_a_message() {
        assertThat(of("{\"message\":{\"mid\":\"m\",\"text\":\"h\\u00e9 \\\"x\\\" \\ud83d\\ude0a\\/\"}}"))
                .isEqualTo(new Message("m", "h\u00e9 \"x\" \ud83d\ude0a/", null, List.of(), null));
        assertThat(of("{\"message\":\"TEST_MESSAGE\"}"))
                .isEqualTo(new Message("", "TEST_MESSAGE", null, List.of(), null));
    }

    @Test
    void a_tapped_choice_carries_its_payload() {
        assertThat(of("{\"message\":{\"mid\":\"m\",\"text\":\"Green\",\"quick_reply\":{\"payload\":\"PICK_GREEN\"}}}"))
                .isEqualTo(new Message("m", "Green", "PICK_GREEN", List.of(), null));
    }

    @Test
    void attachments_have_types_and_addresses_wherever_they_lie() {
        assertThat(of("""
            {"message":{"mid":"m","attachments":[{"type":"image","payload":{"url":"https://a","sticker_id":1}},
            {"type":"fallback","title":"t","url":"https://b","payload":null},
            {"type":"fallback","payload":"BLOB"},{"type":"like_heart"},7]}}\
            """))
                .isEqualTo(new Message(
                        "m",
                        null,
                        null,
                        List.of(
                                new Attachment("image", "https://a"),
                                new Attachment("fallback", "https://b"),
                                new Attachment("fallback", null),
                                new Attachment("like_heart", null),
                                new Attachment("", null)),
                        null));
    }

    @Test
    void a_referral_is_found_in_message_postback_and_alone() {
        var referral = new Referral("invite_42", "SHORTLINK", "OPEN_THREAD");
        var json =
                "\"referral\":{\"ref\":\"invite_42\",\"source\":\"SHORTLINK\",\"type\":\"OPEN_THREAD\",\"ads_context_data\":{\"ref\":\"x\"}}";

        assertThat(of("{" + json + "}")).isEqualTo(referral);
        assertThat(of("{\"message\":{\"mid\":\"m\",\"text\":\"hi\"," + json + "}}"))
                .isEqualTo(new Message("m", "hi", null, List.of(), referral));
        assertThat(of("{\"postback\":{\"mid\":\"m\",\"title\":\"Get Started\",\"payload\":\"GO\"," + json + "}}"))
                .isEqualTo(new Postback("Get Started", "GO", referral));
        assertThat(of("{\"postback\":{\"title\":\"x\"}}")).isEqualTo(new Postback("x", null, null));
    }

    @Test
    void an_echo_tells_who_sent_it() {
        assertThat(
                        of(
                                "{\"message\":{\"is_echo\":true,\"app_id\":1517776481860111,\"metadata\":\"gw:1\",\"mid\":\"m\",\"text\":\"x\"}}"))
                .isEqualTo(new Echo("m", "1517776481860111", "gw:1"));
    }

    @Test
    void whatsapp_speaks_the_same_forms() {
        assertThat(whatsapp("\"type\":\"text\",\"text\":{\"body\":\"hi\"}"))
                .isEqualTo(new Message("w", "hi", null, List.of(), null));
        assertThat(whatsapp("\"type\":\"button\",\"button\":{\"payload\":\"P\",\"text\":\"T\"}"))
                .isEqualTo(new Message("w", "T", "P", List.of(), null));
        assertThat(
                        whatsapp(
                                "\"type\":\"interactive\",\"interactive\":{\"type\":\"button_reply\",\"button_reply\":{\"id\":\"i\",\"title\":\"t\"}}"))
                .isEqualTo(new Message("w", "t", "i", List.of(), null));
        assertThat(
                        whatsapp(
                                "\"type\":\"interactive\",\"interactive\":{\"type\":\"list_reply\",\"list_reply\":{\"id\":\"i\",\"title\":\"t\",\"description\":\"d\"}}"))
                .isEqualTo(new Message("w", "t", "i", List.of(), null));
        assertThat(
                        whatsapp(
                                "\"type\":\"image\",\"image\":{\"id\":\"9\",\"caption\":\"c\"},\"referral\":{\"source_id\":\"AD\",\"source_type\":\"ad\"}"))
                .isEqualTo(new Message(
                        "w", "c", null, List.of(new Attachment("image", null)), new Referral("AD", "ad", null)));
        assertThat(whatsapp("\"type\":\"reaction\",\"reaction\":{\"emoji\":\"x\"}"))
                .isEqualTo(new Other());
    }

    @Test
    void the_rest_is_other_and_nothing_throws() {
        for (var body : Samples.bodies()) {
            var event = event(body);
            assertThatCode(() -> Content.of(event)).doesNotThrowAnyException();
        }
        assertThat(of("{\"read\":{\"watermark\":1}}")).isEqualTo(new Other());
        assertThat(of("{\"message\":[]}")).isEqualTo(new Message("", null, null, List.of(), null));
        assertThat(of("{\"message\":{\"mid\":{},\"text\":5,\"quick_reply\":[],\"attachments\":{},\"referral\":null}}"))
                .isInstanceOf(Message.class);
    }

    @Test
    void nothing_prints_what_a_person_wrote() {
        assertThat(
                        of("{\"message\":{\"mid\":\"secret\",\"text\":\"secret\",\"attachments\":[{\"type\":\"image\",\"url\":\"secret\"}]}}")
                                .toString())
                .isEqualTo("Message(6 characters, 1 attachments)");
    }

    private static Content of(String item) {
        return Content.of(item(item));
    }

    private static Content whatsapp(String fields) {
        return Content.of(
                event("{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"1\",\"changes\":[{\"value\":"
                        + "{\"messages\":[{\"id\":\"w\",\"from\":\"1\"," + fields + "}]}}]}]}"));
    }
}
