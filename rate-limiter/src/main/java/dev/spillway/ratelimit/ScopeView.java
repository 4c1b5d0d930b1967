// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.util.HashMap;
import java.util.Map;

/**
 * What a node knows of a scope, shared by the scope's desks.
 *
 * <p>Threads: written by the scope's lane; the generation and the pause are read by all.
 */
final class ScopeView {
    private static final long GUARD_REPEAT_NANOS = 10_000_000_000L;

    final Scope scope;
    final ConversationPace pace;
    private final Runnable onPause;
    /** The outage's own timelines; the lane's. */
    final Map<String, Long> fallback = new HashMap<>();

    private volatile long generation;
    private volatile long epoch;
    private volatile long pausedUntilNanos;
    private volatile boolean paused;
    private volatile long factor = ScopeLaw.FACTOR_FULL;
    private volatile long activeNodes = 1;
    private long throttledEpoch = -1;
    private long guard = ScopeLaw.FACTOR_FULL;
    private long guardNanos;
    private long keeperTicks;
    private long keeperSentNanos;

    /** @param onPause told when a pause begins */
    ScopeView(Scope scope, ConversationPace pace, Runnable onPause) {
        this.scope = scope;
        this.pace = pace;
        this.onPause = onPause;
    }

    /** Leases of another generation are void. */
    long generation() {
        return generation;
    }

    long epoch() {
        return epoch;
    }

    long factor() {
        return factor;
    }

    long activeNodes() {
        return activeNodes;
    }

    /** Every unit in hand becomes void at once. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by one lane
    void voidLeases() {
        generation = generation + 1;
    }

    /** Takes in a reply; returns whether a clock that jumped made older leases void. */
    boolean heard(LeaseReply.Standing standing, long sentNanos, long arrivalNanos) {
        enter(standing.epoch());
        factor = standing.factor();
        activeNodes = standing.activeNodes();
        var jumped = keeperTicks != 0
                && standing.now() - keeperTicks > Ticks.ofNanos(arrivalNanos - keeperSentNanos) + 50 * Ticks.PER_MILLI;
        if (jumped) {
            voidLeases();
        }
        keeperTicks = standing.now();
        keeperSentNanos = sentNanos;
        return jumped;
    }

    /** Takes in what a report led to. */
    void heard(ScopeStatus status, long nowNanos) {
        enter(status.epoch());
        factor = status.factor();
        if (status.pauseTicks() > 0) {
            pause(nowNanos + Ticks.toNanos(status.pauseTicks()));
        } else {
            resume();
        }
    }

    /** Whether this is the first throttled call of a lease of that epoch that this node reports. */
    boolean firstThrottle(long epochOfLease) {
        if (epochOfLease < epoch || epochOfLease <= throttledEpoch) {
            return false;
        }
        throttledEpoch = epochOfLease;
        return true;
    }

    /** A guard that says what the last one said need not be told again for a while. */
    boolean worthReporting(Report report, long nowNanos) {
        if (report.kind() != Report.Kind.GUARDED) {
            return true;
        }
        var known = guard;
        var same = Math.abs(report.value() - known) < 10;
        if (same && (known == ScopeLaw.FACTOR_FULL || nowNanos - guardNanos < GUARD_REPEAT_NANOS)) {
            return false;
        }
        guard = report.value();
        guardNanos = nowNanos;
        return true;
    }

    /** A newer epoch voids the leases of the older one. */
    void enter(long heard) {
        if (heard > epoch) {
            epoch = heard;
            voidLeases();
        }
    }

    void pause(long untilNanos) {
        pausedUntilNanos = untilNanos;
        if (!paused) {
            paused = true;
            onPause.run();
        }
    }

    void resume() {
        paused = false;
    }

    /** What is left of the pause, in nanoseconds, 0 if none. */
    long pauseNanos(long nowNanos) {
        return paused ? Math.max(0, pausedUntilNanos - nowNanos) : 0;
    }
}
