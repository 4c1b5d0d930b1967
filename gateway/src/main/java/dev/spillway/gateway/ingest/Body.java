// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ingest;

import dev.spillway.gateway.async.Permits;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request, read within a size, a time, and the bytes that all requests may hold together.
 *
 * <p>What a sender declares costs nothing: room is made, and counted, for a few times the bytes that have come. The time
 * is that of the {@link Connection}. Threads: the request's event loop.
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

    private static final int GROWTH = 4;
    private static final byte[] NOTHING = new byte[0];
    private static final CharSequence CONTENT_LENGTH = HttpHeaders.CONTENT_LENGTH;
    private static final CharSequence EXPECT = HttpHeaders.createOptimized("Expect");
    private static final String CONTINUE = "100-continue";

    private final Promise<byte[]> whole = Promise.promise();
    private final Connection connection;
    private final Permits permits;
    /** How long it can get: what was declared, or the cap. */
    private final int most;

    private byte[] bytes = NOTHING;
    private int length;

    private Body(Connection connection, Permits permits, int most) {
        this.connection = connection;
        this.permits = permits;
        this.most = most;
    }

    /**
     * Reads the body. What it holds is counted until the caller gives {@code length} of the result back. Fails with
     * {@link Refused} only.
     *
     * @param permits bytes that all requests may hold together
     */
    static Future<byte[]> read(Exchange exchange, Permits permits, int cap) {
        var request = exchange.request();
        var declared = declared(request.getHeader(CONTENT_LENGTH), cap);
        if (declared < 0) {
            return Future.failedFuture(new Refused(Answer.MALFORMED));
        }
        if (declared > cap) {
            return Future.failedFuture(new Refused(Answer.BODY_TOO_LARGE));
        }
        var expectation = request.getHeader(EXPECT);
        if (expectation != null) {
            if (!expectation.equalsIgnoreCase(CONTINUE)) {
                return Future.failedFuture(new Refused(Answer.EXPECTATION_UNKNOWN));
            }
            request.response().writeContinue();
        }
        var body = new Body(exchange.connection(), permits, (int) declared);
        exchange.connection().awaits(body);
        request.handler(body::chunk);
        request.endHandler(ignored -> body.end());
        request.exceptionHandler(body::broken);
        return body.whole.future();
    }

    /** The body's time is over; false if it has its answer already. */
    boolean late() {
        return refuse(Answer.BODY_TOO_SLOW);
    }

    // The cap if nothing is declared, negative if it makes no sense.
    private static long declared(@Nullable String header, int cap) {
        if (header == null) {
            return cap;
        }
        try {
            return Long.parseLong(header);
        } catch (NumberFormatException none) {
            return -1;
        }
    }

    private void chunk(Buffer chunk) {
        if (whole.future().isComplete()) {
            return;
        }
        var needed = length + chunk.length();
        if (needed > most) {
            refuse(Answer.BODY_TOO_LARGE);
        } else if (needed > bytes.length && !grow(needed)) {
            refuse(Answer.BUSY);
        } else {
            chunk.getBytes(bytes, length);
            length = needed;
        }
    }

    private boolean grow(int needed) {
        var room = (int) Math.min(most, (long) needed * GROWTH);
        if (!permits.tryAcquire(room - bytes.length)) {
            return false;
        }
        bytes = Arrays.copyOf(bytes, room);
        return true;
    }

    private void end() {
        connection.bodyEnded();
        if (!whole.future().isComplete()) {
            var unused = bytes.length - length;
            if (unused > 0) {
                permits.release(unused);
                bytes = Arrays.copyOf(bytes, length);
            }
            whole.complete(bytes);
        }
    }

    private void broken(Throwable failure) {
        refuse(failure instanceof HttpClosedException ? Answer.SENDER_GONE : Answer.MALFORMED);
    }

    private boolean refuse(Answer answer) {
        if (!whole.tryFail(new Refused(answer))) {
            return false;
        }
        permits.release(bytes.length);
        bytes = NOTHING;
        return true;
    }
}
