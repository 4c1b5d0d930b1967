// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.messenger.Handshake.Answer;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HandshakeTest {
    @Test
    void the_challenge_is_given_back_as_it_came() {
        assertThat(answer(Map.of("hub.mode", "subscribe", "hub.verify_token", "T", "hub.challenge", "<1158201444>")))
                .isEqualTo(new Answer.Challenge("<1158201444>"));
    }

    @Test
    void another_token_is_refused() {
        assertThat(answer(Map.of("hub.mode", "subscribe", "hub.verify_token", "t", "hub.challenge", "1")))
                .isEqualTo(new Answer.WrongToken());
        assertThat(answer(Map.of("hub.mode", "subscribe", "hub.verify_token", "", "hub.challenge", "1")))
                .isEqualTo(new Answer.WrongToken());
    }

    @Test
    void without_mode_token_or_challenge_it_is_no_handshake() {
        assertThat(answer(Map.of())).isEqualTo(new Answer.Incomplete());
        assertThat(answer(Map.of("hub.verify_token", "T", "hub.challenge", "1")))
                .isEqualTo(new Answer.Incomplete());
        assertThat(answer(Map.of("hub.mode", "subscribe", "hub.challenge", "1")))
                .isEqualTo(new Answer.Incomplete());
        assertThat(answer(Map.of("hub.mode", "subscribe", "hub.verify_token", "T")))
                .isEqualTo(new Answer.Incomplete());
        assertThat(answer(Map.of("hub.mode", "unsubscribe", "hub.verify_token", "T", "hub.challenge", "1")))
                .isEqualTo(new Answer.Incomplete());
    }

    private static Answer answer(Map<String, String> query) {
        return Handshake.answer(query::get, "T");
    }
}
