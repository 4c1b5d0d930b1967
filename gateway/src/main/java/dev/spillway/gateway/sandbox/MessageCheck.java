// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The platform's limits on a {@code message} object. Pure; null means that nothing is wrong. */
final class MessageCheck {
    private static final int TEXT_END = 2000;
    private static final int METADATA_END = 1000;
    private static final int QUICK_REPLIES_MAX = 13;
    private static final int IMAGES_MAX = 30;
    private static final int TITLE_MAX = 20;
    private static final int PAYLOAD_MAX = 1000;
    private static final Set<String> CONTENTS = Set.of("text", "attachment", "attachments", "sticker_id", "template");
    private static final Set<String> MEDIA = Set.of("image", "audio", "video", "file");
    private static final Set<String> ASKED = Set.of("user_phone_number", "user_email");

    private MessageCheck() {}

    static @Nullable GraphError check(JsonNode message) {
        var contents = CONTENTS.stream().filter(message::has).count();
        if (contents == 0) {
            return GraphError.parameter("Message cannot be empty, must provide valid attachment or text");
        }
        if (contents > 1) {
            return GraphError.parameter("A message has one of text, attachment, attachments, sticker_id, template");
        }
        var error = text(message);
        if (error == null) {
            error = metadata(message);
        }
        if (error == null) {
            error = quickReplies(message);
        }
        return error != null ? error : attachments(message);
    }

    private static @Nullable GraphError text(JsonNode message) {
        if (!message.has("text")) {
            return null;
        }
        var text = message.path("text");
        if (!text.isTextual() || text.textValue().isEmpty()) {
            return GraphError.parameter("Param message[text] must be a non-empty UTF-8 encoded string");
        }
        return length(text) < TEXT_END
                ? null
                : GraphError.parameter("Length of param message[text] must be less than " + TEXT_END);
    }

    private static @Nullable GraphError metadata(JsonNode message) {
        if (!message.has("metadata")) {
            return null;
        }
        var metadata = message.path("metadata");
        return metadata.isTextual() && length(metadata) < METADATA_END
                ? null
                : GraphError.parameter("Length of param message[metadata] must be less than " + METADATA_END);
    }

    private static @Nullable GraphError quickReplies(JsonNode message) {
        if (!message.has("quick_replies")) {
            return null;
        }
        var replies = message.path("quick_replies");
        if (!replies.isArray() || replies.isEmpty() || replies.size() > QUICK_REPLIES_MAX) {
            return GraphError.parameter("Param message[quick_replies] must have 1 to " + QUICK_REPLIES_MAX + " items");
        }
        for (var reply : replies) {
            var error = quickReply(reply);
            if (error != null) {
                return error;
            }
        }
        return null;
    }

    private static @Nullable GraphError quickReply(JsonNode reply) {
        var type = Json.text(reply, "content_type");
        if (ASKED.contains(type)) {
            return null;
        }
        if (!type.equals("text")) {
            return GraphError.parameter("Param content_type must be text, user_phone_number or user_email");
        }
        return titled(reply);
    }

    /** A title and a payload, as quick replies and buttons have them. */
    static @Nullable GraphError titled(JsonNode item) {
        var title = length(item.path("title"));
        if (title < 1 || title > TITLE_MAX) {
            return GraphError.parameter("A title has 1 to " + TITLE_MAX + " characters");
        }
        var payload = length(item.path("payload"));
        return payload >= 1 && payload <= PAYLOAD_MAX
                ? null
                : GraphError.parameter("A payload has 1 to " + PAYLOAD_MAX + " characters");
    }

    private static @Nullable GraphError attachments(JsonNode message) {
        if (message.has("attachment")) {
            return attachment(message.path("attachment"));
        }
        if (!message.has("attachments")) {
            return null;
        }
        var images = message.path("attachments");
        if (!images.isArray() || images.isEmpty() || images.size() > IMAGES_MAX) {
            return GraphError.parameter("Param message[attachments] must have 1 to " + IMAGES_MAX + " images");
        }
        for (var image : images) {
            if (!Json.text(image, "type").equals("image") || media(image.path("payload")) != null) {
                return GraphError.parameter("Param message[attachments] takes images only");
            }
        }
        return null;
    }

    private static @Nullable GraphError attachment(JsonNode attachment) {
        var type = Json.text(attachment, "type");
        if (type.equals("template")) {
            return TemplateCheck.check(attachment.path("payload"));
        }
        return MEDIA.contains(type)
                ? media(attachment.path("payload"))
                : GraphError.parameter("Param attachment[type] must be image, audio, video, file or template");
    }

    private static @Nullable GraphError media(JsonNode payload) {
        var url = Json.text(payload, "url");
        var known = !Json.text(payload, "attachment_id").isEmpty();
        return known || url.startsWith("https://") || url.startsWith("http://")
                ? null
                : GraphError.parameter("Param attachment[payload] needs a url or an attachment_id");
    }

    /** Characters of a text; -1 for anything else. */
    static int length(JsonNode node) {
        return node.isTextual()
                ? node.textValue().codePointCount(0, node.textValue().length())
                : -1;
    }
}
