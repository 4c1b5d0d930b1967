// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.gateway.messenger.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * One call of the Send API that reached the platform with a valid token.
 *
 * @param sequence 1 for the first call since the start or the last reset
 * @param receivedAtMillis when its last byte came; ms since 1970
 * @param receivedNanos the same on the monotonic clock of this process
 * @param page the page that sent
 * @param recipient the person's id, or another way of naming one ({@code comment_id:…}); empty if it named nobody
 * @param taken whether the person got it, whatever the answer says
 * @param mid the message's id; null for a sender action and for what was not taken
 * @param metadata what the sender wrote into the message for itself
 * @param ending how the caller learned of it
 * @param body the request, byte for byte
 */
public record Call(
        long sequence,
        long receivedAtMillis,
        long receivedNanos,
        String page,
        String recipient,
        boolean taken,
        @Nullable String mid,
        @Nullable String metadata,
        Ending ending,
        RawJson body) {

    /** How the caller learned what became of its call. */
    public enum Ending {
        /** 200 with the ids. */
        ANSWERED,
        /** An error, as JSON. */
        REFUSED,
        /** An answer that is not the platform's JSON. */
        GARBLED,
        /** Never; the connection stays open. */
        HUNG,
        /** Never; the connection was closed. */
        CUT
    }

    /** The text of the message, if it has one. */
    public @Nullable String text() {
        var text = parsed().path("message").path("text");
        return text.isTextual() ? text.textValue() : null;
    }

    /** The {@code message} object, if it has one. */
    public @Nullable RawJson message() {
        var message = parsed().path("message");
        return message.isMissingNode() ? null : RawJson.of(message.toString());
    }

    /** The {@code sender_action}, if it is one. */
    public @Nullable String action() {
        var action = parsed().path("sender_action");
        return action.isTextual() ? action.textValue() : null;
    }

    private JsonNode parsed() {
        return Json.readOrMissing(body.copy());
    }

    @Override
    public String toString() {
        return "Call(" + sequence + " " + ending + (taken ? " taken" : "") + ")";
    }
}
