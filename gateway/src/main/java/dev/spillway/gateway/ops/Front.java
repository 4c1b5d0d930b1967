// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ops;

import static io.vertx.core.Future.succeededFuture;

import dev.spillway.gateway.config.Secret;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns a request into a call of its route, and the answer into a response. */
final class Front {
    private static final int BODY_BYTES_MAX = 64 << 10;
    private static final long BODY_SECONDS_MAX = 5;
    /** After these the rest of a body may still come, and would be taken for a request. */
    private static final Set<Integer> CLOSING = Set.of(408, 413);

    private static final String BEARER = "Bearer ";
    private static final Logger log = LoggerFactory.getLogger(Front.class);

    private final Routes routes;
    private final Optional<Secret> token;

    Front(Routes routes, Optional<Secret> token) {
        this.routes = routes;
        this.token = token;
    }

    void serve(HttpServerRequest request) {
        var path = request.path();
        switch (routes.match(request.method(), path == null ? "" : path)) {
            case Routes.Match.Nothing nothing -> answer(request, Answer.error(404, "no such path"));
            case Routes.Match.WrongMethod(var allowed) -> {
                request.response().putHeader(HttpHeaders.ALLOW, allowed);
                answer(request, Answer.error(405, "this path takes " + allowed));
            }
            case Routes.Match.Found(var route, var values) -> {
                if (!route.guarded() || isAllowed(request)) {
                    call(request, route, values);
                } else {
                    request.response().putHeader("WWW-Authenticate", "Bearer");
                    answer(request, Answer.error(401, "the operators' token, as Authorization: Bearer"));
                }
            }
        }
    }

    private boolean isAllowed(HttpServerRequest request) {
        if (token.isEmpty()) {
            return true;
        }
        var given = request.getHeader(HttpHeaders.AUTHORIZATION);
        return given != null && given.startsWith(BEARER) && token.get().is(given.substring(BEARER.length()));
    }

    private void call(HttpServerRequest request, Route route, Map<String, String> path) {
        var query = query(request);
        if (query.isEmpty()) {
            answer(request, Answer.error(400, "a query that can be decoded"));
            return;
        }
        var body = new Body(BODY_BYTES_MAX);
        request.handler(body::add)
                .end()
                .timeout(BODY_SECONDS_MAX, TimeUnit.SECONDS)
                .compose(
                        read -> body.fits()
                                ? route.handler().apply(new Call(path, query.get(), accept(request), body.bytes()))
                                : succeededFuture(Answer.error(413, "a body of at most 64 KiB")),
                        unread -> succeededFuture(Answer.error(408, "a body within 5 s")))
                .recover(failure -> succeededFuture(afterFailure(failure, route)))
                .onSuccess(answer -> answer(request, answer));
    }

    private static Answer afterFailure(Throwable failure, Route route) {
        log.atError().addKeyValue("route", route.path()).setCause(failure).log("A request to the ops port failed");
        return Answer.error(500, "an error; see the log");
    }

    private static Optional<Map<String, String>> query(HttpServerRequest request) {
        try {
            var first = new HashMap<String, String>();
            request.params().forEach(first::putIfAbsent);
            return Optional.of(first);
        } catch (IllegalArgumentException undecodable) {
            return Optional.empty();
        }
    }

    private static String accept(HttpServerRequest request) {
        var accept = request.getHeader(HttpHeaders.ACCEPT);
        return accept == null ? "" : accept;
    }

    private static void answer(HttpServerRequest request, Answer answer) {
        var response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (CLOSING.contains(answer.status())) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        response.setStatusCode(answer.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, answer.contentType())
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(answer.body());
    }

    /** What came of a body: at most so much of it is kept. Owned by the request's context. */
    private static final class Body {
        private final int max;
        private final Buffer bytes = Buffer.buffer();
        private boolean fits = true;

        Body(int max) {
            this.max = max;
        }

        void add(Buffer chunk) {
            fits = fits && bytes.length() + chunk.length() <= max;
            if (fits) {
                bytes.appendBuffer(chunk);
            }
        }

        boolean fits() {
            return fits;
        }

        Buffer bytes() {
            return bytes;
        }
    }
}
