// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import dev.spillway.ratelimit.CircuitBreakerCoordinator.Entry.Entered;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Resilience4j detects on each node, a {@link BreakerStore} decides for all.
 *
 * <p>Bounded: breakers without calls for 15 minutes are forgotten when room is needed; beyond the bound calls pass unguarded.
 * Without the store each node's own breaker goes on alone.
 */
public final class SharedCircuitBreakers implements CircuitBreakerCoordinator {
    private static final long IDLE_NANOS = Duration.ofMinutes(15).toNanos();

    private final BreakerStore store;
    private final BreakerSettings settings;
    private final IntSupplier activeNodes;
    private final LongSupplier nanoClock;
    private final long node;
    private final Map<BreakerKey, SharedBreaker> breakers = new ConcurrentHashMap<>();

    SharedCircuitBreakers(
            BreakerStore store, BreakerSettings settings, IntSupplier activeNodes, LongSupplier nanoClock, long node) {
        this.store = store;
        this.settings = settings;
        this.activeNodes = activeNodes;
        this.nanoClock = nanoClock;
        this.node = node;
        store.listen(this::changed);
    }

    /**
     * Starts a node's part.
     *
     * @param activeNodes how many nodes could vote; one alone opens a breaker by its own vote
     */
    public static SharedCircuitBreakers start(BreakerStore store, BreakerSettings settings, IntSupplier activeNodes) {
        var node = ThreadLocalRandom.current().nextLong(1, 1L << 48);
        return new SharedCircuitBreakers(store, settings, activeNodes, System::nanoTime, node);
    }

    @Override
    public Entry tryEnter(BreakerKey key) {
        var breaker = breakers.get(key);
        if (breaker == null) {
            if (breakers.size() >= settings.breakersMax()) {
                forgetIdle();
            }
            if (breakers.size() >= settings.breakersMax()) {
                return new Entered(0, false);
            }
            breaker = breakers.computeIfAbsent(key, this::open);
        }
        return breaker.tryEnter();
    }

    @Override
    public void record(BreakerKey key, Entered entry, Result result, Duration took) {
        var breaker = breakers.get(key);
        if (breaker != null) {
            breaker.record(entry, result, took);
        }
    }

    @Override
    public void forceOpen(BreakerKey key, Duration time) {
        tell(key, BreakerCall.Kind.FORCE_OPEN, Ticks.of(time));
    }

    @Override
    public void forceClosed(BreakerKey key) {
        tell(key, BreakerCall.Kind.FORCE_CLOSED, 0);
    }

    @Override
    public void close() {
        breakers.clear();
    }

    private SharedBreaker open(BreakerKey key) {
        var breaker = new SharedBreaker(key, node, store, settings, activeNodes, nanoClock);
        breaker.refresh();
        return breaker;
    }

    private void tell(BreakerKey key, BreakerCall.Kind kind, long ticks) {
        var breaker = breakers.computeIfAbsent(key, this::open);
        breaker.tell(new BreakerCall(key, node, kind, 0, 0, ticks));
    }

    private void changed(BreakerKey key) {
        var breaker = breakers.get(key);
        if (breaker != null) {
            breaker.refresh();
        }
    }

    private void forgetIdle() {
        var now = nanoClock.getAsLong();
        breakers.values().removeIf(breaker -> now - breaker.lastUsedNanos() > IDLE_NANOS);
    }
}
