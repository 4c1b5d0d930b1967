// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The platform's limits on a template's {@code payload}. Pure; null means that nothing is wrong. */
final class TemplateCheck {
    private static final int BUTTON_TEXT_MAX = 640;
    private static final int BUTTONS_MAX = 3;
    private static final int BUTTON_TITLE_MAX = 20;
    private static final int ELEMENTS_MAX = 10;
    private static final int ELEMENT_TEXT_MAX = 80;
    // Templates whose inside is not checked. The list, open graph and airline templates are gone.
    private static final Set<String> OTHERS = Set.of(
            "media",
            "receipt",
            "coupon",
            "customer_feedback",
            "customer_information",
            "product",
            "image_grid",
            "one_time_notif_req",
            "notification_messages");

    private TemplateCheck() {}

    static @Nullable GraphError check(JsonNode payload) {
        var type = Json.text(payload, "template_type");
        return switch (type) {
            case "button" -> button(payload);
            case "generic" -> generic(payload.path("elements"));
            default -> OTHERS.contains(type) ? null : GraphError.parameter("Param template_type is not supported");
        };
    }

    private static @Nullable GraphError button(JsonNode payload) {
        var text = MessageCheck.length(payload.path("text"));
        if (text < 1 || text > BUTTON_TEXT_MAX) {
            return GraphError.parameter("The text of a button template has 1 to " + BUTTON_TEXT_MAX + " characters");
        }
        var buttons = payload.path("buttons");
        return buttons.isEmpty() ? GraphError.parameter("A button template has 1 to 3 buttons") : buttons(buttons);
    }

    private static @Nullable GraphError generic(JsonNode elements) {
        if (!elements.isArray() || elements.isEmpty() || elements.size() > ELEMENTS_MAX) {
            return GraphError.parameter("A generic template has 1 to " + ELEMENTS_MAX + " elements");
        }
        for (var element : elements) {
            var error = element(element);
            if (error != null) {
                return error;
            }
        }
        return null;
    }

    private static @Nullable GraphError element(JsonNode element) {
        var title = MessageCheck.length(element.path("title"));
        if (title < 1 || title > ELEMENT_TEXT_MAX) {
            return GraphError.parameter("The title of an element has 1 to " + ELEMENT_TEXT_MAX + " characters");
        }
        if (MessageCheck.length(element.path("subtitle")) > ELEMENT_TEXT_MAX) {
            return GraphError.parameter("The subtitle of an element has at most " + ELEMENT_TEXT_MAX + " characters");
        }
        if (element.size() < 2) {
            return GraphError.parameter("An element needs one more property beside its title");
        }
        return element.has("buttons") ? buttons(element.path("buttons")) : null;
    }

    private static @Nullable GraphError buttons(JsonNode buttons) {
        if (!buttons.isArray() || buttons.size() > BUTTONS_MAX) {
            return GraphError.parameter("At most " + BUTTONS_MAX + " buttons are allowed");
        }
        for (var button : buttons) {
            var error = button(Json.text(button, "type"), button);
            if (error != null) {
                return error;
            }
        }
        return null;
    }

    private static @Nullable GraphError button(String type, JsonNode button) {
        return switch (type) {
            case "postback", "phone_number" -> MessageCheck.titled(button);
            case "web_url" -> link(button);
            case "account_link", "account_unlink", "game_play", "audio_call" -> null;
            default -> GraphError.parameter("The button type is not supported");
        };
    }

    private static @Nullable GraphError link(JsonNode button) {
        var title = MessageCheck.length(button.path("title"));
        if (title < 1 || title > BUTTON_TITLE_MAX) {
            return GraphError.parameter("A title has 1 to " + BUTTON_TITLE_MAX + " characters");
        }
        var url = Json.text(button, "url");
        return url.startsWith("https://") || url.startsWith("http://")
                ? null
                : GraphError.parameter("A web_url button needs an http or https url");
    }
}
