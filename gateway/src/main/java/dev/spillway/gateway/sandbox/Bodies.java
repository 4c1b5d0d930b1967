// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/** Reads request bodies up to a bound; a larger one is answered 413, and the rest of it is thrown away. */
final class Bodies {
    private Bodies() {}

    static void read(HttpServerRequest request, int bytesMax, Consumer<byte[]> then) {
        var body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() + chunk.length() <= bytesMax) {
                body.appendBuffer(chunk);
                return;
            }
            request.handler(ignored -> {});
            request.endHandler(ignored -> {});
            request.response().setStatusCode(413).end();
        });
        request.endHandler(end -> then.accept(body.getBytes()));
    }
}
