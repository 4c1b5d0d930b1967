// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.peter;

import dev.spillway.gateway.messenger.Content;
import dev.spillway.gateway.messenger.Event;
import dev.spillway.gateway.messenger.Kind;
import org.jspecify.annotations.Nullable;

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
        return switch (Content.of(event)) {
            case Content.Message message -> message(message);
            case Content.Postback postback -> new Tap(text(postback.payload()), ref(postback.referral()));
            case Content.Referral referral -> new Link(ref(referral));
            // A bot that answers its own echo never stops.
            case Content.Echo ignored -> new Nothing();
            case Content.Other ignored -> event.kind() == Kind.UNSUPPORTED ? new Wordless() : new Nothing();
        };
    }

    private static Said message(Content.Message message) {
        var payload = text(message.quickReply());
        var words = text(message.text()).strip();
        if (!payload.isEmpty()) {
            return new Tap(payload, "");
        }
        return words.isEmpty() ? new Wordless() : new Words(words);
    }

    private static String ref(Content.@Nullable Referral referral) {
        return referral == null ? "" : text(referral.ref());
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
