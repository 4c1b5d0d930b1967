// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** Answers of the control API and the chat page: JSON, and a sentence where something is wrong. */
final class Answers {
    private Answers() {}

    static void json(HttpServerRequest request, int status, JsonNode body) {
        if (!request.response().closed()) {
            request.response()
                    .setStatusCode(status)
                    .putHeader("Content-Type", "application/json")
                    .putHeader("Cache-Control", "no-store")
                    .end(Buffer.buffer(Json.bytes(body)));
        }
    }

    static void problem(HttpServerRequest request, int status, String sentence) {
        json(request, status, Json.object().put("problem", sentence));
    }

    /**
     * Whether the body says that it is JSON. A foreign web page cannot send that type here without asking first, and is
     * not allowed to.
     */
    static boolean isJson(HttpServerRequest request) {
        var type = request.getHeader("Content-Type");
        return type != null && type.startsWith("application/json");
    }
}
