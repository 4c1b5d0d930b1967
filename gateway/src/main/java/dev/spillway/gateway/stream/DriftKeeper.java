// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Supplier;

/**
 * Keeps the counters of one subscription true in the partitions held: a cut connection may have left an append
 * uncounted. Threads: owned by one context.
 */
final class DriftKeeper {
    /** Longer than a count can be on its way behind its append. */
    private static final long EVERY_MS = 2000;

    private final Vertx vertx;
    private final PartitionStore store;
    private final StreamGroup group;
    private final Supplier<List<Tenure>> tenures;
    private final Map<Tenure, Drift> seen = new WeakHashMap<>();
    private long timer;

    DriftKeeper(Vertx vertx, PartitionStore store, StreamGroup group, Supplier<List<Tenure>> tenures) {
        this.vertx = vertx;
        this.store = store;
        this.group = group;
        this.tenures = tenures;
    }

    void start(Context context) {
        context.runOnContext(ignored -> timer = vertx.setPeriodic(EVERY_MS, tick -> compare()));
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
