// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ops;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** What the ops port says to one request. */
public record Answer(int status, String contentType, Buffer body) {
    /** A JSON document. */
    public static Answer json(int status, JsonNode document) {
        return new Answer(
                status,
                "application/json; charset=utf-8",
                Buffer.buffer(document.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** What was wrong with the request, for a person and a machine: {@code {"error": …}}. */
    public static Answer error(int status, String sentence) {
        return json(status, Json.object().put("error", sentence));
    }
}
