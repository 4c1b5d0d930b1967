// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What a stage has in hand, a part for each partition that it holds. Threads: owned by one context. */
public final class HeldPartitions implements LeaseKeeper.Holder {
    /** A stage's work in one partition, for one tenure. */
    public interface Part {
        /** The partition is ours. */
        void start();

        /** Take nothing new; completes when what is in work is committed. What only waits is left to the next holder. */
        Future<Void> handOver();

        /** Drop everything. */
        void end();
    }

    private final Function<Tenure, Part> make;
    private final Duration handOverMax;
    private final Map<Integer, Tenure> tenures = new HashMap<>();
    private final Map<Integer, Part> parts = new HashMap<>();
    private boolean paused;

    /**
     * Nothing is held yet.
     *
     * @param handOverMax after which a partition is given back whatever is still in work
     */
    public HeldPartitions(Function<Tenure, Part> make, Duration handOverMax) {
        this.make = make;
        this.handOverMax = handOverMax;
    }

    /**
     * Does nothing more in any partition, or goes on. What is in work is finished; what only waits in memory is read
     * again later. The partitions stay held: they are trimmed and counted as ever, and go on at once.
     */
    public void pause(boolean pause) {
        if (pause == paused) {
            return;
        }
        paused = pause;
        if (pause) {
            Map.copyOf(parts).forEach((partition, part) -> handOver(part).onComplete(ignored -> rest(partition, part)));
        } else {
            List.copyOf(tenures.values()).forEach(this::work);
        }
    }

    private void rest(int partition, Part part) {
        if (parts.remove(partition, part)) {
            part.end();
        }
        var tenure = tenures.get(partition);
        if (tenure != null) {
            work(tenure); // It may go on already.
        }
    }

    private void work(Tenure tenure) {
        if (!paused && !parts.containsKey(tenure.partition())) {
            var part = make.apply(tenure);
            parts.put(tenure.partition(), part);
            part.start();
        }
    }

    private Future<Void> handOver(Part part) {
        // A time-out comes on the context of its future, and without one on a thread of its own.
        var home = ContextInternal.current();
        Promise<Void> over = home == null ? Promise.promise() : home.promise();
        part.handOver().onComplete(over);
        return over.future().timeout(Math.max(1, handOverMax.toMillis()), MILLISECONDS);
    }

    @Override
    public void acquired(Tenure tenure) {
        tenures.put(tenure.partition(), tenure);
        work(tenure);
    }

    @Override
    public Future<Void> handOver(Tenure tenure) {
        var part = parts.get(tenure.partition());
        return part == null ? Future.succeededFuture() : handOver(part);
    }

    @Override
    public void lost(Tenure tenure) {
        tenures.remove(tenure.partition(), tenure);
        var part = parts.remove(tenure.partition());
        if (part != null) {
            part.end();
        }
    }
}
