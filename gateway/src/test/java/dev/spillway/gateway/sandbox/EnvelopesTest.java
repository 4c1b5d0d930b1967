// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvelopesTest {
    @Test
    void a_text_has_the_bytes_of_the_platforms_sample() {
        assertThat(event(new UserEvent.Text("\u00e4\u00f6\u00e5 https://ex.test/")))
                .isEqualTo("{\"object\":\"page\",\"entry\":[{\"id\":\"100\",\"time\":1760000000123,\"messaging\":[{"
                               + "\"sender\":{\"id\":\"7001\"},\"recipient\":{\"id\":\"100\"},\"timestamp\":1760000000123,\"message\":{\"mid\":\"m_1\",\"text\":\"\\u00e4\\u00f6\\u00e5"
                               + " https:\\/\\/ex.test\\/\"}}]}]}");
    }

    @Test
    void a_tapped_quick_reply_is_a_message() {
        assertThat(event(new UserEvent.QuickReply("Green", "PICK_GREEN")))
                .endsWith(
                        "\"message\":{\"mid\":\"m_1\",\"text\":\"Green\",\"quick_reply\":{\"payload\":\"PICK_GREEN\"}}}]}]}");
    }

    @Test
    void a_postback_carries_the_referral_that_opened_the_conversation() {
        assertThat(event(new UserEvent.Postback("Get Started", "GET_STARTED", "Anna")))
                .endsWith("\"postback\":{\"mid\":\"m_1\",\"title\":\"Get Started\",\"payload\":\"GET_STARTED\","
                        + "\"referral\":{\"ref\":\"Anna\",\"source\":\"SHORTLINK\",\"type\":\"OPEN_THREAD\"}}}]}]}");
        assertThat(event(new UserEvent.Postback("More", "MORE", ""))).doesNotContain("referral");
    }

    @Test
    void a_referral_has_no_mid() {
        assertThat(event(new UserEvent.Referral("Anna")))
                .endsWith("\"timestamp\":1760000000123,"
                        + "\"referral\":{\"ref\":\"Anna\",\"source\":\"SHORTLINK\",\"type\":\"OPEN_THREAD\"}}]}]}");
    }

    @Test
    void an_echo_swaps_the_two_sides_and_lists_the_attachment() {
        var sent = Json.readOrMissing("{\"attachment\":{\"type\":\"template\",\"payload\":{\"text\":\"\u00e9\"}}}"
                .getBytes(StandardCharsets.UTF_8));

        var echo = new String(
                Envelopes.echo("100", "7001", 15, "m_2", null, 1760000000123L, sent), StandardCharsets.US_ASCII);

        assertThat(echo)
                .contains("\"sender\":{\"id\":\"100\"},\"recipient\":{\"id\":\"7001\"}")
                .endsWith("\"message\":{\"is_echo\":true,\"app_id\":15,\"mid\":\"m_2\","
                        + "\"attachments\":[{\"type\":\"template\",\"payload\":{\"text\":\"\\u00e9\"}}]}}]}]}");
    }

    @Property
    void whatever_a_person_writes_travels_as_ascii_and_arrives_as_it_was(@ForAll String text) {
        var bytes = Envelopes.event("100", "7001", "m_1", 1, new UserEvent.Text(text));

        for (var b : bytes) {
            assertThat(b).isGreaterThanOrEqualTo((byte) 0x20);
        }
        assertThat(Json.readOrMissing(bytes)
                        .at("/entry/0/messaging/0/message/text")
                        .textValue())
                .isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"object\":\"page\",\"entry\":[]}', 7cbc46b042d7e131c845c3f08d7028636dc75bdd529a85bfd25451ef6fc04d04",
        "'{\"object\": \"page\", \"entry\": []}', 6631434be0501d3d9315bda5a310d3b096c9075628cef2c46f9e0a66bf4f7362"
    })
    void the_signature_is_that_of_the_published_vectors(String body, String signature) {
        assertThat(new Signer(GatewayStub.secret()).sign(body.getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo("sha256=" + signature);
    }

    private static String event(UserEvent event) {
        return new String(Envelopes.event("100", "7001", "m_1", 1760000000123L, event), StandardCharsets.US_ASCII);
    }
}
