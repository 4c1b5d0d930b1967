// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import dev.spillway.ratelimit.RateLimitExceededException.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The meters of one node; none has a scope in a tag.
 *
 * <ul>
 *   <li>{@code spillway.ratelimit.permits} by {@code result}: granted, or the reason of the refusal
 *   <li>{@code spillway.ratelimit.units} by {@code fate}: used, unused (expired, void or given up)
 *   <li>{@code spillway.ratelimit.requests} by {@code result}: lease requests sent, failed
 *   <li>{@code spillway.ratelimit.wait}: from acquire to permit, of those that had to wait
 *   <li>{@code spillway.ratelimit.pauses}: scopes that this node saw being paused
 *   <li>{@code spillway.ratelimit.waiting}: acquires that wait
 *   <li>{@code spillway.ratelimit.degraded}: 1 while the node runs on its safe share
 * </ul>
 */
final class LimiterMeters {
    private static final Duration[] WAITS = {
        Duration.ofMillis(1),
        Duration.ofMillis(10),
        Duration.ofMillis(100),
        Duration.ofSeconds(1),
        Duration.ofSeconds(10)
    };

    private final Counter granted;
    private final Map<Reason, Counter> refused = new EnumMap<>(Reason.class);
    private final Counter used;
    private final Counter unused;
    private final Counter asked;
    private final Counter askFailed;
    private final Counter pauses;
    private final Timer wait;

    LimiterMeters(MeterRegistry registry, AtomicInteger waiting, Supplier<Number> degraded) {
        granted = registry.counter("spillway.ratelimit.permits", "result", "granted");
        for (var reason : Reason.values()) {
            var result = reason.name().toLowerCase(java.util.Locale.ROOT);
            refused.put(reason, registry.counter("spillway.ratelimit.permits", "result", result));
        }
        used = registry.counter("spillway.ratelimit.units", "fate", "used");
        unused = registry.counter("spillway.ratelimit.units", "fate", "unused");
        asked = registry.counter("spillway.ratelimit.requests", "result", "sent");
        askFailed = registry.counter("spillway.ratelimit.requests", "result", "failed");
        pauses = registry.counter("spillway.ratelimit.pauses");
        wait = Timer.builder("spillway.ratelimit.wait")
                .serviceLevelObjectives(WAITS)
                .register(registry);
        registry.gauge("spillway.ratelimit.waiting", waiting);
        registry.gauge(
                "spillway.ratelimit.degraded", degraded, state -> state.get().doubleValue());
    }

    void granted() {
        granted.increment();
    }

    /** After a wait. */
    void granted(long waitedNanos) {
        granted.increment();
        wait.record(waitedNanos, TimeUnit.NANOSECONDS);
    }

    void paused() {
        pauses.increment();
    }

    void refused(Reason reason) {
        Objects.requireNonNull(refused.get(reason)).increment();
    }

    void units(long taken, long lost) {
        used.increment((double) taken);
        unused.increment((double) lost);
    }

    void asked() {
        asked.increment();
    }

    void askFailed() {
        askFailed.increment();
    }
}
