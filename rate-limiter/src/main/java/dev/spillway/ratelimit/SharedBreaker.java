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
    private final AtomicReference<Shared> shared = new AtomicReference<>(new Shared(false, 0, 0, false));

    /** @param probe this node holds the probe and has not handed it out */
    private record Shared(boolean open, long generation, long untilNanos, boolean probe) {}

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
                tell(new BreakerCall(key, node, BreakerCall.Kind.VOTE, activeNodes.getAsInt(), 0, 0));
            }
        });
    }

    Entry tryEnter() {
        lastUsedNanos = nanoClock.getAsLong();
        var seen = seen();
        if (seen.open()) {
            return enterOpen(seen);
        }
        return detector.tryAcquirePermission() ? new Entered(seen.generation(), false) : new Refused(SOON);
    }

    private Entry enterOpen(Shared seen) {
        var left = seen.untilNanos() - lastUsedNanos;
        if (left > 0) {
            return new Refused(Duration.ofNanos(left));
        }
        if (seen.probe()) {
            var handedOut = new Shared(true, seen.generation(), probeEndNanos(), false);
            return shared.compareAndSet(seen, handedOut) ? new Entered(seen.generation(), true) : new Refused(SOON);
        }
        if (probing.compareAndSet(false, true)) {
            var ticks = Ticks.of(settings.probeTimeout());
            tell(new BreakerCall(key, node, BreakerCall.Kind.PROBE, 0, seen.generation(), ticks));
        }
        return new Refused(SOON);
    }

    void record(Entered entry, Result result, Duration took) {
        if (entry.probe()) {
            var kind = result == Result.SUCCEEDED ? BreakerCall.Kind.PROBE_SUCCEEDED : BreakerCall.Kind.PROBE_FAILED;
            tell(new BreakerCall(key, node, kind, 0, entry.generation(), 0));
            return;
        }
        var seen = seen();
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

    void refresh() {
        tell(new BreakerCall(key, node, BreakerCall.Kind.LOOK, 0, 0, 0));
    }

    void tell(BreakerCall call) {
        store.call(call).whenComplete((state, failure) -> {
            if (state != null) {
                heard(state);
            }
            if (call.kind() == BreakerCall.Kind.PROBE) {
                if (failure != null) {
                    goAlone();
                }
                probing.set(false);
            }
        });
    }

    private void heard(BreakerState state) {
        var until = nanoClock.getAsLong() + Ticks.toNanos(state.waitTicks());
        var next = new Shared(state.open(), state.generation(), until, state.probe());
        var before = seen();
        while (before.generation() <= next.generation() && !shared.compareAndSet(before, next)) {
            before = seen();
        }
        if (before.generation() > next.generation()) {
            return; // overtaken
        }
        if (next.open() && !before.open()) {
            detector.transitionToForcedOpenState();
        } else if (!next.open() && before.open()) {
            failuresInRow.set(0);
            detector.reset();
        }
    }

    /** Nobody gives probes out: this node tries one call of its own, and its detector decides for it alone. */
    private void goAlone() {
        var before = seen();
        if (before.open()
                && shared.compareAndSet(before, new Shared(false, before.generation(), before.untilNanos(), false))) {
            failuresInRow.set(0);
            detector.transitionToHalfOpenState();
        }
    }

    private Shared seen() {
        return Objects.requireNonNull(shared.get());
    }

    /** Only its being there counts: no stack trace. */
    private static final class CallFailed extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1;

        CallFailed() {
            super("the call failed", null, false, false);
        }
    }

    private long probeEndNanos() {
        return nanoClock.getAsLong() + settings.probeTimeout().toNanos();
    }

    long lastUsedNanos() {
        return lastUsedNanos;
    }
}
