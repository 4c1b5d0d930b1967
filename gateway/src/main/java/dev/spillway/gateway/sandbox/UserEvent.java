// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

/** What a person does in a conversation with a page. */
public sealed interface UserEvent {
    /** Writes. */
    record Text(String text) implements UserEvent {
        @Override
        public String toString() {
            return "Text(" + text.length() + " characters)";
        }
    }

    /** Taps a quick reply. */
    record QuickReply(String title, String payload) implements UserEvent {
        @Override
        public String toString() {
            return "QuickReply";
        }
    }

    /** Taps a button, or Get Started; a {@code ref} that is not empty says which link opened the conversation. */
    record Postback(String title, String payload, String ref) implements UserEvent {
        @Override
        public String toString() {
            return "Postback";
        }
    }

    /** Follows a link with a {@code ref} into a conversation that is already there. */
    record Referral(String ref) implements UserEvent {
        @Override
        public String toString() {
            return "Referral";
        }
    }
}
