// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** What the platform makes of a send before it does anything. */
sealed interface Checked {
    /** It would be refused. */
    record Refused(GraphError error) implements Checked {}

    /** It is a message that the platform would take. */
    record Message(
            Recipient recipient, JsonNode message, @Nullable String metadata) implements Checked {
        @Override
        public String toString() {
            return "Message";
        }
    }

    /** It is a sender action that the platform would take. */
    record Action(Recipient recipient, String action) implements Checked {}

    /** How the sender names the person: by {@code id}, or by a reference that only the platform can resolve. */
    record Recipient(String by, String value) {
        @Override
        public String toString() {
            return "Recipient by " + by;
        }

        boolean isId() {
            return by.equals("id");
        }

        /** The id, or the reference with its name before it. */
        String label() {
            return isId() ? value : by + ":" + value;
        }
    }
}
