// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
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
    private final Map<Integer, Part> parts = new HashMap<>();

    /**
     * Nothing is held yet.
     *
     * @param handOverMax after which a partition is given back whatever is still in work
     */
    public HeldPartitions(Function<Tenure, Part> make, Duration handOverMax) {
        this.make = make;
        this.handOverMax = handOverMax;
    }

    @Override
    public void acquired(Tenure tenure) {
        var part = make.apply(tenure);
        parts.put(tenure.partition(), part);
        part.start();
    }

    @Override
    public Future<Void> handOver(Tenure tenure) {
        var part = parts.get(tenure.partition());
        return part == null
                ? Future.succeededFuture()
                : part.handOver().timeout(Math.max(1, handOverMax.toMillis()), MILLISECONDS);
    }

    @Override
    public void lost(Tenure tenure) {
        var part = parts.remove(tenure.partition());
        if (part != null) {
            part.end();
        }
    }
}
