// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dispatch;

import dev.spillway.ratelimit.BreakerKey;
import dev.spillway.ratelimit.CircuitBreakerCoordinator;
import dev.spillway.ratelimit.CircuitBreakerCoordinator.Entry;
import dev.spillway.ratelimit.CircuitBreakerCoordinator.Result;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One shared breaker as this process's sends pass it: while it is open nobody asks for a permit, and one at a time knocks.
 *
 * <p>Who knocks in vain learns when the next may. Who is let in as the probe goes ahead alone, and the others wait for
 * what comes of it; a probe that is not spent in time, as its page must rest, is given back. Threads: owned by one context.
 */
final class Gate {
    private static final Logger log = LoggerFactory.getLogger(Gate.class);
    private static final Duration PROBE_UNSPENT_MAX = Duration.ofSeconds(2);
    private static final Duration NEXT_KNOCK = Duration.ofMillis(50);

    private final BreakerKey key;
    private final CircuitBreakerCoordinator breakers;
    private final LongSupplier nanoClock;
    // Read by the metrics thread.
    private final AtomicInteger open;

    private boolean shut;
    private long nextKnockNanos;
    private Entry.@Nullable Entered probe;

    /** @param open counts the open ones */
    Gate(BreakerKey key, CircuitBreakerCoordinator breakers, LongSupplier nanoClock, AtomicInteger open) {
        this.key = key;
        this.breakers = breakers;
        this.nanoClock = nanoClock;
        this.open = open;
        // Makes it known here: how it stands is looked up while the first reply gets its permit.
        if (breakers.tryEnter(key) instanceof Entry.Entered entered) {
            breakers.record(key, entered, Result.ABANDONED, Duration.ZERO);
        }
    }

    boolean isShut() {
        return shut;
    }

    /** How long to stay away; zero lets one pass. */
    Duration knock() {
        if (!shut) {
            return Duration.ZERO;
        }
        var now = nanoClock.getAsLong();
        var left = nextKnockNanos - now;
        if (left > 0) {
            // Who waits here comes back in disorder, not all at the instant at which one may knock.
            return Duration.ofNanos(left).plusMillis(ThreadLocalRandom.current().nextLong(1, 100));
        }
        giveProbeBack();
        return switch (breakers.tryEnter(key)) {
            case Entry.Refused(var retryAfter) -> {
                nextKnockIn(retryAfter);
                yield retryAfter.plus(NEXT_KNOCK);
            }
            case Entry.Entered entered -> {
                if (entered.probe()) {
                    probe = entered;
                    nextKnockIn(PROBE_UNSPENT_MAX);
                } else {
                    breakers.record(key, entered, Result.ABANDONED, Duration.ZERO);
                    opened();
                }
                yield Duration.ZERO;
            }
        };
    }

    /** Right before a call: null if it must not be made. Each entry is answered by {@link #left} or {@link #ended}. */
    Entry.@Nullable Entered enter() {
        if (probe != null) {
            var mine = probe;
            probe = null;
            nextKnockIn(PROBE_UNSPENT_MAX);
            return mine;
        }
        if (shut) {
            return null;
        }
        return switch (breakers.tryEnter(key)) {
            case Entry.Entered entered -> entered;
            case Entry.Refused(var retryAfter) -> {
                shut(retryAfter);
                yield null;
            }
        };
    }

    /** The call was not made after all. */
    void left(Entry.Entered entered) {
        if (entered.probe()) {
            probe = entered;
        } else {
            breakers.record(key, entered, Result.ABANDONED, Duration.ZERO);
        }
    }

    /** The call was made and says this. */
    void ended(Entry.Entered entered, Result result, Duration took) {
        breakers.record(key, entered, result, took);
        if (entered.probe()) {
            nextKnockIn(NEXT_KNOCK);
        }
    }

    /** No calls for so long, whatever the breaker says. */
    void shut(Duration time) {
        if (!shut) {
            open.incrementAndGet();
            log.atWarn().addKeyValue("breaker", key.name()).log("A circuit breaker is open: no calls are made");
        }
        shut = true;
        nextKnockIn(time);
    }

    private void opened() {
        shut = false;
        open.decrementAndGet();
        log.atInfo().addKeyValue("breaker", key.name()).log("A circuit breaker is closed: calls go again");
    }

    private void nextKnockIn(Duration time) {
        nextKnockNanos = nanoClock.getAsLong() + time.toNanos();
    }

    private void giveProbeBack() {
        if (probe != null) {
            breakers.record(key, probe, Result.ABANDONED, Duration.ZERO);
            probe = null;
        }
    }
}
