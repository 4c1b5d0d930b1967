// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The checks of the Send API on a request body, after its reference of 2026. Pure. */
final class SendCheck {
    private static final List<String> RECIPIENTS = List.of(
            "id",
            "user_ref",
            "comment_id",
            "post_id",
            "one_time_notif_token",
            "notification_messages_token",
            "phone_number");
    private static final Set<String> TYPES = Set.of("RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY");
    // All other tags answer 100 since 27 April 2026.
    private static final Set<String> TAGS = Set.of("HUMAN_AGENT", "CUSTOMER_FEEDBACK");
    private static final Set<String> ACTIONS = Set.of("typing_on", "typing_off", "mark_seen", "react", "unreact");
    private static final Set<String> NOTIFICATIONS = Set.of("REGULAR", "SILENT_PUSH", "NO_PUSH");

    private SendCheck() {}

    static Checked check(JsonNode body) {
        if (!body.isObject()) {
            return refused("The body is not a JSON object");
        }
        if (body.has("message") && body.has("sender_action")) {
            return new Checked.Refused(
                    GraphError.parameter(2018014, "Cannot have both message and sender_action in one request"));
        }
        var recipient = recipient(body.path("recipient"));
        if (recipient == null) {
            return refused("The parameter recipient is required, with exactly one way to name the person");
        }
        if (!Ids.isPlain(recipient.value()) && recipient.isId()) {
            return new Checked.Refused(GraphError.parameter(2018001, "No matching user found"));
        }
        return body.has("sender_action") ? action(body, recipient) : message(body, recipient);
    }

    private static Checked action(JsonNode body, Checked.Recipient recipient) {
        var action = Json.text(body, "sender_action");
        if (!ACTIONS.contains(action)) {
            return refused("Param sender_action must be one of "
                    + ACTIONS.stream().sorted().toList());
        }
        if (action.endsWith("react")
                && Json.text(body.path("payload"), "message_id").isEmpty()) {
            return refused("A reaction needs payload.message_id");
        }
        return new Checked.Action(recipient, action);
    }

    private static Checked message(JsonNode body, Checked.Recipient recipient) {
        var message = body.path("message");
        var error = envelope(body);
        if (error == null) {
            error = MessageCheck.check(message);
        }
        if (error != null) {
            return new Checked.Refused(error);
        }
        var metadata = message.path("metadata");
        return new Checked.Message(recipient, message, metadata.isTextual() ? metadata.textValue() : null);
    }

    private static @Nullable GraphError envelope(JsonNode body) {
        if (!body.path("message").isObject()) {
            return GraphError.parameter("Must have either message or sender_action");
        }
        var type = Json.text(body, "messaging_type");
        if (!TYPES.contains(type)) {
            return GraphError.parameter("Param messaging_type must be one of "
                    + TYPES.stream().sorted().toList());
        }
        var tag = Json.text(body, "tag");
        if (type.equals("MESSAGE_TAG") && tag.isEmpty()) {
            return GraphError.parameter("messaging_type MESSAGE_TAG needs a tag");
        }
        if (!tag.isEmpty() && !TAGS.contains(tag)) {
            return GraphError.parameter("The message tag is not supported");
        }
        if (body.has("notification_type") && !NOTIFICATIONS.contains(Json.text(body, "notification_type"))) {
            return GraphError.parameter("Param notification_type must be one of "
                    + NOTIFICATIONS.stream().sorted().toList());
        }
        return null;
    }

    private static Checked.@Nullable Recipient recipient(JsonNode recipient) {
        Checked.Recipient found = null;
        for (var by : RECIPIENTS) {
            var value = Json.text(recipient, by);
            if (value.isEmpty()) {
                continue;
            }
            if (found != null) {
                return null;
            }
            found = new Checked.Recipient(by, value);
        }
        return found;
    }

    private static Checked refused(String message) {
        return new Checked.Refused(GraphError.parameter(message));
    }
}
