// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import dev.spillway.ratelimit.CircuitBreakerCoordinator.Entry.Entered;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Resilience4j detects on each node, a {@link BreakerStore} decides for all.
 *
 * <p>Bounded: breakers without calls for 15 minutes are forgotten when room is needed; beyond the bound calls pass unguarded.
 * Without the store each node's own breaker goes on alone. A message that was lost is noticed within 250 ms of calls, and so is
 * a store that was away or has lost its state: every breaker is then looked up anew when it is next used.
 *
 * <p>Threads: any; there is none of its own.
 */
public final class SharedCircuitBreakers implements CircuitBreakerCoordinator {
    private static final long IDLE_NANOS = Duration.ofMinutes(15).toNanos();
    private static final long PULSE_NANOS = Duration.ofMillis(250).toNanos();

    private final BreakerStore store;
    private final BreakerSettings settings;
    private final IntSupplier activeNodes;
    private final LongSupplier nanoClock;
    private final long node;
    private final Map<BreakerKey, SharedBreaker> breakers = new ConcurrentHashMap<>();
    private final AtomicLong heard = new AtomicLong();
    /** Breakers that were looked up under an older number may have missed something. */
    private final AtomicLong doubts = new AtomicLong();

    private final AtomicLong pulsedNanos;
    private volatile @Nullable Pulse lastPulse;

    /** @param trusted the store answered */
    private record Pulse(long changes, long heard, boolean trusted) {
        /** A store that was away, that starts anew, or that told more than was heard. */
        boolean showsLossSince(Pulse last) {
            return !last.trusted || changes < last.changes || changes - last.changes > heard - last.heard;
        }
    }

    SharedCircuitBreakers(
            BreakerStore store, BreakerSettings settings, IntSupplier activeNodes, LongSupplier nanoClock, long node) {
        this.store = store;
        this.settings = settings;
        this.activeNodes = activeNodes;
        this.nanoClock = nanoClock;
        this.node = node;
        this.pulsedNanos = new AtomicLong(nanoClock.getAsLong() - PULSE_NANOS - 1);
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
        pulseIfDue();
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
        return breaker.tryEnter(doubts.get());
    }

    @Override
    public void record(BreakerKey key, Entered entry, Result result, Duration took) {
        var breaker = breakers.get(key);
        if (breaker != null) {
            breaker.record(entry, result, took);
        }
    }

    @Override
    public CompletionStage<Void> forceOpen(BreakerKey key, Duration time) {
        return tell(key, BreakerCall.Kind.FORCE_OPEN, Ticks.of(time));
    }

    @Override
    public CompletionStage<Void> forceClosed(BreakerKey key, Duration time) {
        return tell(key, BreakerCall.Kind.FORCE_CLOSED, Ticks.of(time));
    }

    @Override
    public List<BreakerSnapshot> notable() {
        return breakers.values().stream()
                .map(SharedBreaker::snapshot)
                .filter(breaker -> breaker.state() != BreakerSnapshot.State.CLOSED)
                .toList();
    }

    @Override
    public void close() {
        breakers.clear();
    }

    private SharedBreaker open(BreakerKey key) {
        return new SharedBreaker(key, node, store, settings, activeNodes, nanoClock);
    }

    private CompletionStage<Void> tell(BreakerKey key, BreakerCall.Kind kind, long ticks) {
        var breaker = breakers.computeIfAbsent(key, this::open);
        return breaker.tell(new BreakerCall(key, node, kind, 0, 0, ticks)).thenAccept(state -> {});
    }

    private void changed(BreakerKey key) {
        heard.incrementAndGet();
        var breaker = breakers.get(key);
        if (breaker != null) {
            breaker.refresh();
        }
    }

    /** With the calls, not with a timer: breakers that nobody uses need no news. */
    private void pulseIfDue() {
        var now = nanoClock.getAsLong();
        var last = pulsedNanos.get();
        if (now - last > PULSE_NANOS && pulsedNanos.compareAndSet(last, now)) {
            store.changes().whenComplete((changes, failure) -> pulsed(changes == null ? -1 : changes));
        }
    }

    private void pulsed(long changes) {
        var last = lastPulse;
        var next = new Pulse(changes, heard.get(), changes >= 0);
        lastPulse = next;
        if (last != null && next.trusted() && next.showsLossSince(last)) {
            doubts.incrementAndGet();
        }
    }

    private void forgetIdle() {
        var now = nanoClock.getAsLong();
        breakers.values().removeIf(breaker -> now - breaker.lastUsedNanos() > IDLE_NANOS);
    }
}
