// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The law in a map: limits within one process, and the stand-in for Redis in simulations.
 *
 * <p>Scopes are never evicted: give it as many as you have memory for (about 1 KB each). Threads: any; a scope's decisions are
 * serialised, stages are already complete.
 */
public final class LocalLeaseStore implements LeaseStore {
    private final LongSupplier ticks;
    private final Map<Scope, Map<String, Long>> states = new ConcurrentHashMap<>();
    private final CopyOnWriteArrayList<Consumer<Signal>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong signals = new AtomicLong();

    LocalLeaseStore(LongSupplier ticks) {
        this.ticks = ticks;
    }

    public static LocalLeaseStore on(InstantSource clock) {
        return new LocalLeaseStore(() -> {
            var now = clock.instant();
            return (now.getEpochSecond() - Ticks.EPOCH_SECONDS) * Ticks.PER_SECOND + now.getNano() * 2L / 125;
        });
    }

    @Override
    public CompletionStage<LeaseReply> acquire(LeaseRequest request) {
        return with(request.scope(), state -> ScopeLaw.acquire(state, ticks.getAsLong(), request));
    }

    @Override
    public CompletionStage<ScopeStatus> report(Report report) {
        return with(report.scope(), state -> ScopeLaw.report(state, ticks.getAsLong(), report))
                .thenApply(status -> tell(report.scope(), status));
    }

    @Override
    public CompletionStage<Long> release(Refund refund) {
        return with(refund.scope(), state -> ScopeLaw.release(state, refund));
    }

    @Override
    public CompletionStage<Pulse> pulse() {
        return CompletableFuture.completedFuture(new Pulse("local", signals.get()));
    }

    @Override
    public void listen(Consumer<Signal> onSignal) {
        listeners.add(onSignal);
    }

    @Override
    public void close() {
        listeners.clear();
    }

    /** Forgets everything, as a failover may. */
    void forget() {
        states.clear();
    }

    private ScopeStatus tell(Scope scope, ScopeStatus status) {
        if (status.changed()) {
            signals.incrementAndGet();
            listeners.forEach(listener -> listener.accept(new Signal(scope, status.epoch())));
        }
        return status;
    }

    private <T> CompletionStage<T> with(Scope scope, java.util.function.Function<Map<String, Long>, T> decision) {
        var result = new AtomicReference<T>();
        states.compute(scope, (name, state) -> {
            var present = state == null ? new HashMap<String, Long>() : state;
            result.set(decision.apply(present));
            return present;
        });
        return CompletableFuture.completedFuture(result.get());
    }
}
