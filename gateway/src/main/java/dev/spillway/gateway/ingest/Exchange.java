// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ingest;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** A request and its one answer. Threads: the request's event loop. */
record Exchange(Connection connection, HttpServerRequest request, IngestMetrics metrics) {
    /** Made once, for it is in almost every answer; it is only read. */
    private static final Buffer RECEIVED = Buffer.buffer(Answer.STORED.body());

    private static final CharSequence RETRY_AFTER_SECONDS = HttpHeaders.createOptimized("1");

    /** Answers; for a request that has its answer, or nobody to take it, this only counts. */
    void answer(Answer answer) {
        metrics.answered(answer);
        var response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (answer.status() != 200) {
            response.setStatusCode(answer.status());
        }
        if (answer.status() == 503) {
            response.putHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        // Before the answer is written: behind it, the next request may begin at once.
        connection.answered();
        if (answer.closes() || connection.isLastCall()) {
            connection.answeredLast();
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            var http = request.connection();
            response.end(body(answer)).onComplete(ignored -> http.close());
        } else {
            response.end(body(answer));
        }
    }

    private static Buffer body(Answer answer) {
        return answer == Answer.STORED ? RECEIVED : Buffer.buffer(answer.body());
    }

    /** Answers the handshake. */
    void challenge(String text) {
        metrics.answered(Answer.CHALLENGE);
        connection.answered();
        request.response().putHeader(HttpHeaders.CONTENT_TYPE, "text/plain").end(text);
    }
}
