// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.peter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.gateway.messenger.Event;
import java.io.IOException;

/** What an event says to Peter. Reading never throws: whatever is odd is nothing to him. */
sealed interface Said {
    /** Wrote something. */
    record Words(String text) implements Said {
        @Override
        public String toString() {
            return "Words(" + text.length() + " characters)";
        }
    }

    /** Tapped a quick reply or a button. */
    record Tap(String payload, String ref) implements Said {}

    /** Came by a link. */
    record Link(String ref) implements Said {}

    /** Sent something without words: a picture, a voice message, a sticker. */
    record Wordless() implements Said {}

    /** Nothing that Peter answers: echoes, receipts, reactions, and what another app has to answer. */
    record Nothing() implements Said {}

    /** Reads the event. */
    static Said of(Event event) {
        if (event.standby()) {
            return new Nothing();
        }
        return switch (event.kind()) {
            case MESSAGE -> message(Raw.read(event).path("message"));
            case POSTBACK -> postback(Raw.read(event).path("postback"));
            case REFERRAL -> new Link(Raw.read(event).at("/referral/ref").asText(""));
            case UNSUPPORTED -> new Wordless();
            case ECHO,
                    UNSEND,
                    EDIT,
                    REACTION,
                    DELIVERY,
                    READ,
                    OPTIN,
                    ACCOUNT_LINKING,
                    PASS_THREAD_CONTROL,
                    TAKE_THREAD_CONTROL,
                    REQUEST_THREAD_CONTROL,
                    APP_ROLES,
                    POLICY_ENFORCEMENT,
                    RESPONSE_FEEDBACK,
                    MESSAGING_FEEDBACK,
                    CUSTOMER_INFORMATION,
                    ORDER,
                    COUPON,
                    GAME_PLAY,
                    MESSAGE_REQUEST,
                    STATUS,
                    SYSTEM,
                    FEED,
                    COMMENT,
                    MENTION,
                    CHANGE,
                    REPLY_OUTCOME,
                    UNRECOGNISED -> new Nothing();
        };
    }

    private static Said message(JsonNode message) {
        // Checked here too: a bot that answers its own echo never stops.
        if (message.path("is_echo").asBoolean()) {
            return new Nothing();
        }
        var payload = message.at("/quick_reply/payload").asText("");
        var text = message.path("text").asText("").strip();
        if (!payload.isEmpty()) {
            return new Tap(payload, "");
        }
        return text.isEmpty() ? new Wordless() : new Words(text);
    }

    private static Said postback(JsonNode postback) {
        return new Tap(
                postback.path("payload").asText(""),
                postback.at("/referral/ref").asText(""));
    }

    /** The only place that reads JSON. */
    final class Raw {
        private static final ObjectMapper MAPPER = new ObjectMapper();

        private Raw() {}

        private static JsonNode read(Event event) {
            try {
                return MAPPER.readTree(event.raw().copy());
            } catch (IOException notJson) {
                return MAPPER.missingNode();
            }
        }
    }
}
