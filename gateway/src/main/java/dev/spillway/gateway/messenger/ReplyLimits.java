// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the platform refuses whatever its state: lengths, counts, shape. Checked when a reply is offered, so that a bot
 * learns it at once and no call is spent on it.
 *
 * <p>A character is a Unicode code point. Of a reply in the platform's own shape only its text, its
 * metadata and the number of its quick replies are checked.
 */
public final class ReplyLimits {
    /** A limit of the platform's Send API. */
    public enum Limit {
        TEXT,
        QUICK_REPLIES,
        QUICK_REPLY_TITLE,
        QUICK_REPLY_PAYLOAD,
        BUTTONS,
        BUTTON_TITLE,
        BUTTON_PAYLOAD,
        BUTTON_URL,
        METADATA,
        /** The platform's own shape is not a JSON object. */
        MESSAGE
    }

    /**
     * The first limit that a reply breaks.
     *
     * @param message such as {@code text: 2100 characters (expected: 1..2000)}; quotes nothing of the reply
     */
    public record Refusal(Limit limit, String message) {}

    private static final int TEXT_MAX_MESSENGER = 2000;
    private static final int TEXT_MAX_INSTAGRAM_BYTES = 1000;
    private static final int TEXT_MAX_WHATSAPP = 4096;
    private static final int BUTTONS_TEXT_MAX = 640;
    private static final int QUICK_REPLIES_MAX = 13;
    private static final int BUTTONS_MAX = 3;
    private static final int TITLE_MAX = 20;
    private static final int PAYLOAD_MAX = 1000;
    private static final int METADATA_MAX = 999;
    private static final int URL_MAX = 2083; // the platform's figure for links of its own
    private static final int DEPTH_MAX = 64;

    private ReplyLimits() {}

    /** The first limit that the reply breaks on that channel; empty if it breaks none. */
    public static Optional<Refusal> check(Reply reply, Channel channel) {
        return Optional.ofNullable(
                switch (reply) {
                    case Reply.Text text -> ofText(text, channel);
                    case Reply.Buttons buttons -> ofButtons(buttons, channel);
                    case Reply.Message message -> ofMessage(message, channel);
                });
    }

    private static @Nullable Refusal ofText(Reply.Text reply, Channel channel) {
        var refusal = text(reply.text(), channel);
        if (refusal != null) {
            return refusal;
        }
        refusal =
                count(Limit.QUICK_REPLIES, "quickReplies", reply.quickReplies().size(), 0, QUICK_REPLIES_MAX);
        for (var choice : reply.quickReplies()) {
            refusal = first(refusal, Limit.QUICK_REPLY_TITLE, "quickReplies.title", choice.title(), TITLE_MAX);
            refusal = first(refusal, Limit.QUICK_REPLY_PAYLOAD, "quickReplies.payload", choice.payload(), PAYLOAD_MAX);
        }
        return refusal;
    }

    private static @Nullable Refusal ofButtons(Reply.Buttons reply, Channel channel) {
        var refusal = text(reply.text(), channel);
        refusal = first(refusal, Limit.TEXT, "text", reply.text(), BUTTONS_TEXT_MAX);
        if (refusal == null) {
            refusal = count(Limit.BUTTONS, "buttons", reply.buttons().size(), 1, BUTTONS_MAX);
        }
        for (var button : reply.buttons()) {
            switch (button) {
                case Reply.Button.Postback postback -> {
                    refusal = first(refusal, Limit.BUTTON_TITLE, "buttons.title", postback.title(), TITLE_MAX);
                    refusal = first(refusal, Limit.BUTTON_PAYLOAD, "buttons.payload", postback.payload(), PAYLOAD_MAX);
                }
                case Reply.Button.Link link -> {
                    refusal = first(refusal, Limit.BUTTON_TITLE, "buttons.title", link.title(), TITLE_MAX);
                    refusal = first(refusal, Limit.BUTTON_URL, "buttons.url", link.url(), URL_MAX);
                }
            }
        }
        return refusal;
    }

    private static @Nullable Refusal ofMessage(Reply.Message reply, Channel channel) {
        var json = reply.message().cursor(DEPTH_MAX);
        Refusal refusal = null;
        try {
            for (var more = json.beginObject(); more; more = json.nextField()) {
                var name = json.name();
                if (name.equals("text") && json.peek() == '"') {
                    var text = json.text();
                    refusal = refusal == null && text != null ? text(text, channel) : refusal;
                } else if (name.equals("metadata") && json.peek() == '"') {
                    var metadata = json.text();
                    refusal = metadata == null || metadata.isEmpty()
                            ? refusal
                            : first(refusal, Limit.METADATA, "message.metadata", metadata, METADATA_MAX);
                } else if (name.equals("quick_replies") && json.peek() == '[') {
                    var size = 0;
                    for (var next = json.beginArray(); next; next = json.nextItem()) {
                        json.skip();
                        size++;
                    }
                    refusal = refusal == null
                            ? count(Limit.QUICK_REPLIES, "message.quick_replies", size, 0, QUICK_REPLIES_MAX)
                            : refusal;
                } else {
                    json.skip();
                }
            }
            json.end();
            return refusal;
        } catch (MalformedJson malformed) {
            return new Refusal(Limit.MESSAGE, "message: not a JSON object");
        }
    }

    private static @Nullable Refusal text(String text, Channel channel) {
        return switch (channel) {
            case MESSENGER -> first(null, Limit.TEXT, "text", text, TEXT_MAX_MESSENGER);
            case WHATSAPP -> first(null, Limit.TEXT, "text", text, TEXT_MAX_WHATSAPP);
            case INSTAGRAM -> {
                var length = text.getBytes(StandardCharsets.UTF_8).length;
                yield length >= 1 && length <= TEXT_MAX_INSTAGRAM_BYTES
                        ? null
                        : new Refusal(
                                Limit.TEXT,
                                "text: %d bytes (expected: 1..%d)".formatted(length, TEXT_MAX_INSTAGRAM_BYTES));
            }
        };
    }

    /** The refusal so far, else the one of this text if it is empty or too long. */
    private static @Nullable Refusal first(@Nullable Refusal soFar, Limit limit, String field, String text, int max) {
        if (soFar != null) {
            return soFar;
        }
        var length = text.codePointCount(0, text.length());
        return length >= 1 && length <= max
                ? null
                : new Refusal(limit, "%s: %d characters (expected: 1..%d)".formatted(field, length, max));
    }

    private static @Nullable Refusal count(Limit limit, String field, int count, int min, int max) {
        return count >= min && count <= max
                ? null
                : new Refusal(limit, "%s: %d (expected: %d..%d)".formatted(field, count, min, max));
    }
}
