// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ops;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.function.Function;

/**
 * One method of one path of the ops port.
 *
 * <p>A path under {@code /api/} asks for the operators' token, if there is one; others are open to all who reach the
 * port. A segment in braces matches any one segment: {@code /api/v1/pages/{page}}. A failed future is answered with 500
 * and without its message; the handler runs on the port's event loop, and must not block it.
 */
public record Route(HttpMethod method, String path, Function<Call, Future<Answer>> handler) {
    static final String GUARDED = "/api/";

    /** A route that reads. */
    public static Route get(String path, Function<Call, Future<Answer>> handler) {
        return new Route(HttpMethod.GET, path, handler);
    }

    /** A route that changes something. */
    public static Route post(String path, Function<Call, Future<Answer>> handler) {
        return new Route(HttpMethod.POST, path, handler);
    }

    boolean guarded() {
        return path.startsWith(GUARDED);
    }
}
