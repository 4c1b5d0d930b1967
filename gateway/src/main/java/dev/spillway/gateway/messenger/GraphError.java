// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.messenger;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Graph API's error, as the body of a failed call tells it.
 *
 * @param code what went wrong; -1 is a code of theirs, so an error without a code is none
 * @param subcode more exactly; 0 if absent
 * @param message for people; may quote what a user wrote, so it is not printed
 * @param traceId what the platform's support asks for
 * @param isTransient whether the platform itself says that a retry may help
 */
public record GraphError(
        int code,
        int subcode,
        @Nullable String message,
        @Nullable String traceId,
        boolean isTransient) {
    private static final int DEPTH_MAX = 64;

    /** Reads {@code {"error":{…}}}; empty if the body is anything else. Never throws. */
    public static Optional<GraphError> read(byte[] body) {
        var json = new JsonCursor(body, 0, body.length, DEPTH_MAX);
        try {
            Optional<GraphError> error = Optional.empty();
            for (var more = json.beginObject(); more; more = json.nextField()) {
                if (json.name().equals("error") && json.peek() == '{') {
                    error = error(json);
                } else {
                    json.skip();
                }
            }
            json.end();
            return error;
        } catch (MalformedJson malformed) {
            return Optional.empty();
        }
    }

    private static Optional<GraphError> error(JsonCursor json) throws MalformedJson {
        String code = null;
        String subcode = null;
        String message = null;
        String traceId = null;
        var isTransient = false;
        for (var more = json.beginObject(); more; more = json.nextField()) {
            switch (json.name()) {
                case "code" -> code = json.scalar();
                case "error_subcode" -> subcode = json.scalar();
                case "message" -> message = json.text();
                case "fbtrace_id" -> traceId = json.text();
                case "is_transient" -> isTransient = json.isTrue();
                default -> json.skip();
            }
        }
        var number = number(code);
        if (number == null) {
            return Optional.empty();
        }
        var sub = number(subcode);
        return Optional.of(new GraphError(number, sub == null ? 0 : sub, message, traceId, isTransient));
    }

    private static @Nullable Integer number(@Nullable String digits) {
        try {
            return digits == null ? null : Integer.valueOf(digits);
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }

    /** Everything but the message. */
    @Override
    public String toString() {
        return "GraphError(" + code + (subcode == 0 ? "" : "/" + subcode) + (isTransient ? " transient" : "")
                + (traceId == null ? "" : " " + traceId) + ")";
    }
}
