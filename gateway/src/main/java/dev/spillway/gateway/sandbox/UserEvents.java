// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Reads what a person did from the JSON of the control API and of the chat page. Pure. */
final class UserEvents {
    private static final int TEXT_MAX = 2_000;
    private static final int TITLE_MAX = 80;
    private static final int PAYLOAD_MAX = 1_000;
    private static final int REF_MAX = 2_083;

    private UserEvents() {}

    /** Null if it is none, or too long for the platform. */
    static @Nullable UserEvent read(JsonNode json) {
        if (json.has("text")) {
            var text = Json.text(json, "text");
            return text.isBlank() || text.length() > TEXT_MAX ? null : new UserEvent.Text(text);
        }
        if (json.has("quickReply")) {
            var tapped = json.path("quickReply");
            return isTap(tapped) ? new UserEvent.QuickReply(title(tapped), payload(tapped)) : null;
        }
        if (json.has("postback")) {
            var tapped = json.path("postback");
            var ref = Json.text(tapped, "ref");
            var fits = isTap(tapped) && ref.length() <= REF_MAX;
            return fits ? new UserEvent.Postback(title(tapped), payload(tapped), ref) : null;
        }
        return json.has("referral") ? referral(Json.text(json.path("referral"), "ref")) : null;
    }

    private static boolean isTap(JsonNode tapped) {
        var title = title(tapped).length();
        var payload = payload(tapped).length();
        return title > 0 && title <= TITLE_MAX && payload > 0 && payload <= PAYLOAD_MAX;
    }

    private static String title(JsonNode tapped) {
        return Json.text(tapped, "title");
    }

    private static String payload(JsonNode tapped) {
        return Json.text(tapped, "payload");
    }

    private static @Nullable UserEvent referral(String ref) {
        return ref.isEmpty() || ref.length() > REF_MAX ? null : new UserEvent.Referral(ref);
    }
}
