// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ingest;

import dev.spillway.gateway.async.Permits;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;

/**
 * The body of one request, read within a size, a time, and the bytes that all requests may hold together.
 *
 * <p>A trickled body would keep an idle timer happy for ever, so it has a deadline of its own. Threads: the request's
 * context.
 */
final class Body {
    /** Why a body was not read. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final Answer answer;

        Refused(Answer answer) {
            super(answer.name(), null, false, false);
            this.answer = answer;
        }

        Answer answer() {
            return answer;
        }
    }

    private final Promise<byte[]> whole = Promise.promise();
    private final Permits permits;
    private final int most;
    private byte[] bytes;
    private int length;
    private long taken;

    private Body(Permits permits, int most, int expected) {
        this.permits = permits;
        this.most = most;
        this.bytes = new byte[expected];
    }

    /**
     * Reads the body. What it holds is counted until the caller gives {@code length} of the result back.
     *
     * @param permits bytes that all requests may hold together
     */
    static Future<byte[]> read(Vertx vertx, HttpServerRequest request, Permits permits, int most, long timeoutMs) {
        var declared = request.getHeader(CONTENT_LENGTH);
        var expected = declared == null ? 1024L : Long.parseLong(declared);
        if (expected > most) {
            return Future.failedFuture(new Refused(Answer.BODY_TOO_LARGE));
        }
        var body = new Body(permits, most, (int) Math.min(expected, most));
        var timer = vertx.setTimer(timeoutMs, ignored -> body.refuse(Answer.BODY_TOO_SLOW));
        request.handler(body::chunk);
        request.endHandler(ignored -> body.end());
        request.exceptionHandler(failure -> body.refuse(Answer.FAILED));
        return body.whole.future().onComplete(ignored -> vertx.cancelTimer(timer));
    }

    private static final CharSequence CONTENT_LENGTH = HttpHeaders.CONTENT_LENGTH;

    private void chunk(Buffer chunk) {
        if (whole.future().isComplete()) {
            return;
        }
        var more = chunk.length();
        if (length + more > most) {
            refuse(Answer.BODY_TOO_LARGE);
        } else if (!permits.tryAcquire(more)) {
            refuse(Answer.BUSY);
        } else {
            taken += more;
            if (length + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.min(most, Math.max(length + more, bytes.length * 2)));
            }
            chunk.getBytes(bytes, length);
            length += more;
        }
    }

    private void end() {
        whole.tryComplete(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
    }

    private void refuse(Answer answer) {
        if (whole.tryFail(new Refused(answer))) {
            permits.release(taken);
            bytes = new byte[0];
        }
    }
}
