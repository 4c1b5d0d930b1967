// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.stream.Collectors;

/** The files of the chat page, read once from the class path. */
final class PageFiles {
    // No inline script, no inline style, nothing from elsewhere: text that a bot sends cannot become code.
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final Map<String, String> TYPES = Map.of(
            "/", "text/html; charset=utf-8",
            "/chat.css", "text/css; charset=utf-8",
            "/chat.js", "text/javascript; charset=utf-8",
            "/icon.svg", "image/svg+xml");

    private final Map<String, Buffer> files =
            TYPES.keySet().stream().collect(Collectors.toUnmodifiableMap(path -> path, PageFiles::load));

    /** Answers with the file; false if there is none at that path. */
    boolean handle(String path, HttpServerRequest request) {
        var file = files.get(path);
        var type = TYPES.get(path);
        if (file == null || type == null) {
            return false;
        }
        request.response()
                .putHeader("Content-Type", type)
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cache-Control", "no-cache")
                .end(file);
        return true;
    }

    private static Buffer load(String path) {
        var name = "/sandbox" + (path.equals("/") ? "/index.html" : path);
        try (var in = PageFiles.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("missing from the jar: " + name);
            }
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
