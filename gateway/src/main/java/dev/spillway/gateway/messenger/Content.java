// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a person said, in the few forms that most bots care about; the event's raw bytes hold the rest.
 *
 * <p>The same forms for Messenger, Instagram and WhatsApp: a tapped reply button or list row of WhatsApp is a message
 * with a quick reply, like on the other two. Nothing here prints what a person wrote.
 */
public sealed interface Content {
    /**
     * A message.
     *
     * @param mid its id; empty where the platform gave none
     * @param text null for a message of attachments only
     * @param quickReply the payload of the choice that was tapped, else null
     * @param referral what brought the person here, else null
     */
    record Message(
            String mid,
            @Nullable String text,
            @Nullable String quickReply,
            List<Attachment> attachments,
            @Nullable Referral referral)
            implements Content {
        public Message {
            attachments = List.copyOf(attachments);
        }

        @Override
        public String toString() {
            return "Message(" + (text == null ? "no text" : text.length() + " characters") + ", " + attachments.size()
                    + " attachments)";
        }
    }

    /**
     * A tapped button, menu item or Get Started.
     *
     * @param payload null on standby: it goes only to the app that sent the button
     */
    record Postback(
            @Nullable String title,
            @Nullable String payload,
            @Nullable Referral referral) implements Content {
        @Override
        public String toString() {
            return "Postback";
        }
    }

    /**
     * What brought a person here: a link with a {@code ref}, an ad.
     *
     * @param ref what the link carried
     * @param source such as {@code SHORTLINK} or {@code ADS}
     * @param type such as {@code OPEN_THREAD}
     */
    record Referral(
            @Nullable String ref,
            @Nullable String source,
            @Nullable String type) implements Content {
        @Override
        public String toString() {
            return "Referral";
        }
    }

    /** A message that the page itself sent, by whatever app. */
    record Echo(
            String mid, @Nullable String appId, @Nullable String metadata) implements Content {
        @Override
        public String toString() {
            return "Echo";
        }
    }

    /** Anything else: see {@link Event#kind} and {@link Event#raw}. */
    record Other() implements Content {}

    /** One attachment; {@code url} is null where the platform sends an id or nothing instead. */
    record Attachment(String type, @Nullable String url) {
        @Override
        public String toString() {
            return "Attachment(" + type + ")";
        }
    }

    /** Reads the event's content. Never throws: what does not look as expected is absent, or {@link Other}. */
    static Content of(Event event) {
        return ContentReader.read(event);
    }
}
