// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import java.util.List;

/** One message that a bot wants sent to the person who caused the event. */
public sealed interface Reply {
    /** Plain text with quick replies below it, at most 13; the list may be empty. */
    record Text(String text, List<QuickReply> quickReplies) implements Reply {
        public Text {
            quickReplies = List.copyOf(quickReplies);
        }

        @Override
        public String toString() {
            return "Text(" + text.length() + " characters, " + quickReplies.size() + " quick replies)";
        }
    }

    /** Text of at most 640 characters with one to three buttons: the platform's button template. */
    record Buttons(String text, List<Button> buttons) implements Reply {
        public Buttons {
            buttons = List.copyOf(buttons);
        }

        @Override
        public String toString() {
            return "Buttons(" + text.length() + " characters, " + buttons.size() + " buttons)";
        }
    }

    /** The platform's own {@code message} object, for whatever the typed forms do not cover. */
    record Message(RawJson message) implements Reply {}

    /** A choice below a text. It comes back as a message with this payload. */
    record QuickReply(String title, String payload) {}

    /** A button of a template. */
    sealed interface Button {
        /** Comes back as a postback with this payload. */
        record Postback(String title, String payload) implements Button {}

        /** Opens a page. */
        record Link(String title, String url) implements Button {}
    }

    /** Plain text. */
    static Reply text(String text) {
        return new Text(text, List.of());
    }
}
