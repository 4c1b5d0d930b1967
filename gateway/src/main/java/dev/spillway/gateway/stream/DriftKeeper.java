// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Supplier;

/**
 * Keeps the counters of one subscription true in the partitions held: a cut connection may have left an append
 * uncounted. Threads: owned by one context.
 */
final class DriftKeeper {
    /** Longer than a count is on its way behind its append, if it need not wait for replicas. */
    private static final Duration LEAST = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final PartitionStore store;
    private final StreamGroup group;
    private final Supplier<List<Tenure>> tenures;
    private final Map<Tenure, Drift> seen = new WeakHashMap<>();
    private final Duration every;
    private long timer;

    /**
     * Looks at nothing yet.
     *
     * @param confirmationMax how long an append that is not counted may wait for replicas
     */
    DriftKeeper(
            Vertx vertx,
            PartitionStore store,
            StreamGroup group,
            Supplier<List<Tenure>> tenures,
            Duration confirmationMax) {
        this.vertx = vertx;
        this.store = store;
        this.group = group;
        this.tenures = tenures;
        this.every = LEAST.plus(confirmationMax);
    }

    void start(Context context) {
        context.runOnContext(ignored -> timer = vertx.setPeriodic(every.toMillis(), tick -> compare()));
    }

    void stop() {
        vertx.cancelTimer(timer);
    }

    // A failure needs nothing: the next round asks again.
    private void compare() {
        for (var tenure : tenures.get()) {
            var before = seen.getOrDefault(tenure, Drift.NONE);
            store.drift(tenure.partition(), group, tenure.fence(), before).onSuccess(drift -> seen.put(tenure, drift));
        }
    }
}
