// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Appends batches on one connection: while one flush is under way the next one fills, so batches grow with the load and
 * a lone event never waits.
 *
 * <p>A flush is one plain XADD per partition, all events of it in one entry. What fails goes back to the front of its
 * partition and is tried again, before anything newer of that partition, until it has waited too long. It may have been
 * stored after all: then the second copy is dropped at the commit. Threads: owned by one context.
 */
final class Lane {
    private static final long RETRY_MS = 20;

    private final Vertx vertx;
    private final Context context;
    private final Flush flush;
    private final LaneLimits limits;
    private final LongSupplier nanoClock;
    private final StreamMetrics metrics;

    private final Map<Integer, Deque<Part>> waiting = new LinkedHashMap<>();
    private boolean flushing;
    private boolean retrying;

    /** How much goes into one flush, and how long a part may wait in all. */
    record LaneLimits(int events, int bytes, long holdNanos) {}

    /** Where flushes go. */
    interface Flush {
        /**
         * Writes one entry per batch; each ends by itself. Fails if nothing was written.
         *
         * @param deadlineNanos when the first of them has waited long enough
         */
        Future<List<Future<?>>> write(List<Batch> batches, long deadlineNanos);

        /** Nothing more waits for now. */
        default void rest() {}
    }

    Lane(Vertx vertx, Context context, Flush flush, LaneLimits limits, LongSupplier nanoClock, StreamMetrics metrics) {
        this.vertx = vertx;
        this.context = context;
        this.flush = flush;
        this.limits = limits;
        this.nanoClock = nanoClock;
        this.metrics = metrics;
    }

    /** Takes a part in. Call on the context. */
    void append(Part part) {
        waiting.computeIfAbsent(part.partition(), ignored -> new ArrayDeque<>()).addLast(part);
        flush();
    }

    private void flush() {
        if (flushing || retrying) {
            return;
        }
        if (waiting.isEmpty()) {
            flush.rest();
            return;
        }
        var batches = batches();
        if (batches.isEmpty()) {
            return;
        }
        flushing = true;
        var started = nanoClock.getAsLong();
        flush.write(batches, deadline(batches))
                .onComplete(ignored -> flushing = false)
                .onSuccess(added -> {
                    var failed = false;
                    for (var i = 0; i < batches.size(); i++) {
                        failed |= !ended(batches.get(i), added.get(i));
                    }
                    metrics.flushed(batches, nanoClock.getAsLong() - started);
                    next(failed);
                })
                .onFailure(failure -> {
                    batches.forEach(batch -> again(batch, failure));
                    next(true);
                });
    }

    private void next(boolean pause) {
        if (pause) {
            retrying = true;
            vertx.setTimer(
                    RETRY_MS,
                    ignored -> context.runOnContext(alsoIgnored -> {
                        retrying = false;
                        expire();
                        flush();
                    }));
        } else {
            flush();
        }
    }

    private long deadline(List<Batch> batches) {
        var oldest = Long.MAX_VALUE;
        for (var batch : batches) {
            oldest = Math.min(oldest, batch.parts().getFirst().receivedNanos());
        }
        return oldest + limits.holdNanos();
    }

    private boolean ended(Batch batch, Future<?> added) {
        if (added.succeeded()) {
            batch.parts().forEach(part -> part.stored().succeed());
            return true;
        }
        again(batch, added.cause());
        return false;
    }

    private void again(Batch batch, Throwable failure) {
        if (failure instanceof StoreFull || failure instanceof NotReplicated) {
            batch.parts().forEach(part -> part.stored().fail(failure));
            return;
        }
        metrics.repeated(batch.events());
        var queue = waiting.computeIfAbsent(batch.partition(), ignored -> new ArrayDeque<>());
        for (var i = batch.parts().size() - 1; i >= 0; i--) {
            queue.addFirst(batch.parts().get(i));
        }
    }

    private void expire() {
        var now = nanoClock.getAsLong();
        for (var queue : waiting.values()) {
            queue.removeIf(part -> {
                var late = now - part.receivedNanos() >= limits.holdNanos();
                if (late) {
                    part.stored().fail(new StoreUnavailable("held too long for Redis"));
                }
                return late;
            });
        }
        waiting.values().removeIf(Deque::isEmpty);
    }

    // Takes from every partition in turn until the flush is full; a part is never split.
    private List<Batch> batches() {
        var events = limits.events();
        var bytes = limits.bytes();
        var batches = new ArrayList<Batch>();
        var queues = waiting.entrySet().iterator();
        while (queues.hasNext() && events > 0 && bytes > 0) {
            var entry = queues.next();
            var queue = entry.getValue();
            var parts = new ArrayList<Part>();
            while (!queue.isEmpty() && events > 0 && bytes > 0) {
                var part = queue.removeFirst();
                events -= part.events();
                bytes -= part.lines().length;
                parts.add(part);
            }
            if (!parts.isEmpty()) {
                batches.add(Batch.of(entry.getKey(), parts));
            }
            if (queue.isEmpty()) {
                queues.remove();
            }
        }
        return batches;
    }
}
