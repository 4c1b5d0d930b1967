// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import dev.spillway.ratelimit.CircuitBreakerCoordinator.Entry;
import dev.spillway.ratelimit.CircuitBreakerCoordinator.Entry.Entered;
import dev.spillway.ratelimit.CircuitBreakerCoordinator.Entry.Refused;
import dev.spillway.ratelimit.CircuitBreakerCoordinator.Result;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.Serial;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * One breaker as a node sees it: its own detector, and what is known of the shared state.
 *
 * <p>The detector is Resilience4j's and decides alone while the store is away, with its own half-open state of one call. When
 * the shared breaker opens, only the store moves it on.
 *
 * <p>Threads: any; the shared state is one immutable value, replaced as a whole.
 */
final class SharedBreaker {
    /** Long enough for a trip to the store: the probe comes by the answer. */
    private static final Duration SOON = Duration.ofMillis(50);

    private final BreakerKey key;
    private final long node;
    private final BreakerStore store;
    private final BreakerSettings settings;
    private final LongSupplier nanoClock;
    private final CircuitBreaker detector;
    private final AtomicBoolean probing = new AtomicBoolean();
    private final AtomicInteger failuresInRow = new AtomicInteger();
    private volatile long lastUsedNanos;
    private volatile long lookedUp = -1;
    private final AtomicReference<Shared> shared = new AtomicReference<>(new Shared(false, 0, 0, false, 0));

    /**
     * @param untilNanos while open: nothing to be had before; if the probe is ours: not after
     * @param probe this node holds the probe and has not handed it out
     * @param heldNanos an operator holds it closed until then; 0 if none does
     */
    private record Shared(boolean open, long generation, long untilNanos, boolean probe, long heldNanos) {
        boolean held(long now) {
            return heldNanos != 0 && heldNanos - now > 0;
        }
    }

    SharedBreaker(
            BreakerKey key,
            long node,
            BreakerStore store,
            BreakerSettings settings,
            IntSupplier activeNodes,
            LongSupplier nanoClock) {
        this.key = key;
        this.node = node;
        this.store = store;
        this.settings = settings;
        this.nanoClock = nanoClock;
        this.lastUsedNanos = nanoClock.getAsLong();
        this.detector = CircuitBreaker.of(
                "shared", // one name for all: nothing of it becomes a meter
                CircuitBreakerConfig.custom()
                        .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.TIME_BASED)
                        .slidingWindowSize((int) settings.window().toSeconds())
                        .minimumNumberOfCalls(settings.callsMin())
                        .failureRateThreshold(settings.failurePercent())
                        .slowCallDurationThreshold(settings.slow())
                        .slowCallRateThreshold(settings.failurePercent())
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .waitDurationInOpenState(Duration.ofSeconds(5))
                        .build());
        detector.getEventPublisher().onStateTransition(event -> {
            if (event.getStateTransition().getToState() == CircuitBreaker.State.OPEN) {
                var ignored = tell(new BreakerCall(key, node, BreakerCall.Kind.VOTE, activeNodes.getAsInt(), 0, 0));
            }
        });
    }

    /** @param doubts counts the times when news may have been missed */
    Entry tryEnter(long doubts) {
        lastUsedNanos = nanoClock.getAsLong();
        if (lookedUp != doubts) {
            lookedUp = doubts;
            refresh();
        }
        var seen = seen();
        if (seen.open()) {
            return enterOpen(seen);
        }
        return seen.held(lastUsedNanos) || detector.tryAcquirePermission()
                ? new Entered(seen.generation(), false)
                : new Refused(SOON);
    }

    private Entry enterOpen(Shared seen) {
        var left = seen.untilNanos() - lastUsedNanos;
        if (seen.probe() && left > 0) {
            var handedOut = new Shared(true, seen.generation(), seen.untilNanos(), false, 0);
            return shared.compareAndSet(seen, handedOut) ? new Entered(seen.generation(), true) : new Refused(SOON);
        }
        if (left > 0) {
            return new Refused(Duration.ofNanos(left));
        }
        if (probing.compareAndSet(false, true)) {
            var ticks = Ticks.of(settings.probeTimeout());
            var ignored = tell(new BreakerCall(key, node, BreakerCall.Kind.PROBE, 0, seen.generation(), ticks));
        }
        return new Refused(SOON);
    }

    void record(Entered entry, Result result, Duration took) {
        if (entry.probe()) {
            var ignored = tell(new BreakerCall(key, node, afterProbe(result), 0, entry.generation(), 0));
            return;
        }
        var seen = seen();
        if (seen.held(nanoClock.getAsLong())) {
            return; // the operator's word stands, whatever the calls say
        }
        if (seen.open() || entry.generation() != seen.generation()) {
            detector.releasePermission(); // a late result of an older generation proves nothing
            return;
        }
        switch (result) {
            case SUCCEEDED -> {
                failuresInRow.set(0);
                detector.onSuccess(took.toNanos(), TimeUnit.NANOSECONDS);
            }
            case FAILED -> {
                detector.onError(took.toNanos(), TimeUnit.NANOSECONDS, new CallFailed());
                if (failuresInRow.incrementAndGet() >= settings.failuresInRow()
                        && detector.getState() == CircuitBreaker.State.CLOSED) {
                    detector.transitionToOpenState();
                }
            }
            case ABANDONED -> detector.releasePermission();
        }
    }

    private static BreakerCall.Kind afterProbe(Result result) {
        return switch (result) {
            case SUCCEEDED -> BreakerCall.Kind.PROBE_SUCCEEDED;
            case FAILED -> BreakerCall.Kind.PROBE_FAILED;
            case ABANDONED -> BreakerCall.Kind.PROBE_RETURNED;
        };
    }

    void refresh() {
        var ignored = tell(new BreakerCall(key, node, BreakerCall.Kind.LOOK, 0, 0, 0));
    }

    CompletionStage<BreakerState> tell(BreakerCall call) {
        var known = seen();
        var sentNanos = nanoClock.getAsLong();
        return store.call(call).whenComplete((state, failure) -> {
            if (state != null) {
                heard(state, known, sentNanos);
            }
            if (call.kind() == BreakerCall.Kind.PROBE) {
                if (failure != null) {
                    goAlone();
                }
                probing.set(false);
            }
        });
    }

    /** @param known what was known when the question left: the answer is newer than that, even if the store lost its state */
    private void heard(BreakerState state, Shared known, long sentNanos) {
        var now = nanoClock.getAsLong();
        var until =
                state.probe() ? sentNanos + settings.probeTimeout().toNanos() : now + Ticks.toNanos(state.waitTicks());
        var held = state.heldTicks() > 0 ? now + Ticks.toNanos(state.heldTicks()) : 0;
        var next = new Shared(state.open(), state.generation(), until, state.probe(), held);
        while (true) {
            var before = seen();
            var overtaken = before.generation() > next.generation() && !before.equals(known);
            var ours = before.probe() && next.open() && before.generation() == next.generation() && !next.probe();
            if (overtaken || (ours && before.untilNanos() - now > 0)) {
                return;
            }
            if (shared.compareAndSet(before, next)) {
                move(before, next, now);
                return;
            }
        }
    }

    private void move(Shared before, Shared next, long now) {
        if (next.open() && !before.open()) {
            detector.transitionToForcedOpenState();
        } else if ((!next.open() && before.open()) || next.held(now)) {
            failuresInRow.set(0);
            detector.reset();
        }
    }

    /** Nobody gives probes out: this node tries one call of its own, and its detector decides for it alone. */
    private void goAlone() {
        var before = seen();
        var alone = new Shared(false, before.generation(), before.untilNanos(), false, 0);
        if (before.open() && shared.compareAndSet(before, alone)) {
            failuresInRow.set(0);
            detector.transitionToHalfOpenState();
        }
    }

    private Shared seen() {
        return Objects.requireNonNull(shared.get());
    }

    BreakerSnapshot snapshot() {
        var now = nanoClock.getAsLong();
        var seen = seen();
        if (seen.open()) {
            return snapshot(BreakerSnapshot.State.OPEN, seen, seen.probe() ? 0 : seen.untilNanos() - now);
        }
        if (seen.held(now)) {
            return snapshot(BreakerSnapshot.State.HELD_CLOSED, seen, seen.heldNanos() - now);
        }
        var closed = detector.getState() == CircuitBreaker.State.CLOSED;
        return snapshot(closed ? BreakerSnapshot.State.CLOSED : BreakerSnapshot.State.OPEN_HERE, seen, 0);
    }

    private BreakerSnapshot snapshot(BreakerSnapshot.State state, Shared seen, long leftNanos) {
        return new BreakerSnapshot(key, state, seen.generation(), Duration.ofNanos(Math.max(0, leftNanos)));
    }

    /** Only its being there counts: no stack trace. */
    private static final class CallFailed extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1;

        CallFailed() {
            super("the call failed", null, false, false);
        }
    }

    long lastUsedNanos() {
        return lastUsedNanos;
    }
}
