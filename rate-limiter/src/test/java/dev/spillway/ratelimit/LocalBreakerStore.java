// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The law in a map, for one thread. */
final class LocalBreakerStore implements BreakerStore {
    private final LongSupplier ticks;
    private final Map<BreakerKey, Map<String, Long>> states = new HashMap<>();
    private final List<Consumer<BreakerKey>> listeners = new ArrayList<>();
    private long changes;
    boolean down;
    boolean losesMessages;

    LocalBreakerStore(LongSupplier ticks) {
        this.ticks = ticks;
    }

    @Override
    public CompletionStage<BreakerState> call(BreakerCall call) {
        if (down) {
            return CompletableFuture.failedStage(new IllegalStateException("down"));
        }
        var state = states.computeIfAbsent(call.key(), key -> new HashMap<>());
        var answer = BreakerLaw.call(state, ticks.getAsLong(), call);
        if (answer.changed()) {
            changes++;
        }
        if (answer.changed() && !losesMessages) {
            listeners.forEach(listener -> listener.accept(call.key()));
        }
        return CompletableFuture.completedStage(answer);
    }

    @Override
    public CompletionStage<Long> changes() {
        return down
                ? CompletableFuture.failedStage(new IllegalStateException("down"))
                : CompletableFuture.completedStage(changes);
    }

    /** As a failover may. */
    void loseState() {
        states.clear();
        changes = 0;
    }

    @Override
    public void listen(Consumer<BreakerKey> onChange) {
        listeners.add(onChange);
    }

    @Override
    public void close() {}
}
