// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ops;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads all meters for Prometheus, on a worker thread, and once for all who ask in the meantime: however many they are,
 * there are never more than two scrapes at work, one for each format.
 */
final class Scrapes {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS_NAME = "application/openmetrics-text";
    private static final String OPEN_METRICS = OPEN_METRICS_NAME + "; version=1.0.0; charset=utf-8";

    private final Vertx vertx;
    private final Meters meters;

    // Owned by the ops port's context.
    private final Map<String, Future<Answer>> underWay = new HashMap<>();

    Scrapes(Vertx vertx, Meters meters) {
        this.vertx = vertx;
        this.meters = meters;
    }

    Future<Answer> scrape(Call call) {
        var contentType = call.accept().contains(OPEN_METRICS_NAME) ? OPEN_METRICS : TEXT;
        var running = underWay.get(contentType);
        if (running != null) {
            return running;
        }
        Future<Answer> scrape =
                vertx.executeBlocking(() -> read(contentType), false).map(Scrapes::present);
        underWay.put(contentType, scrape);
        return scrape.andThen(done -> underWay.remove(contentType));
    }

    private Answer read(String contentType) {
        return new Answer(200, contentType, Buffer.buffer(meters.scrape(contentType)));
    }

    /** Blocking code may return null, says Vert.x; ours does not. */
    private static Answer present(@Nullable Answer answer) {
        return Objects.requireNonNull(answer);
    }
}
