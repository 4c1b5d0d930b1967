// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import dev.spillway.ratelimit.RateLimiterSnapshot.StoreState;

/**
 * How the node stands with the store, judged by its calls alone.
 *
 * <p>Threads: written by any lane, read by all; the fields are independent and each read is a recent one.
 */
final class StoreHealth {
    private static final long RECOVERY_NANOS = 1_000_000_000;

    private final long heartbeatNanos;
    private volatile long answeredNanos;
    private volatile long recoveredNanos;
    private volatile int failuresInRow;
    private volatile boolean everBack;

    StoreHealth(long heartbeatNanos, long nowNanos) {
        this.heartbeatNanos = heartbeatNanos;
        this.answeredNanos = nowNanos;
        this.recoveredNanos = nowNanos;
    }

    /** A pulse that was sent then has been answered. */
    void answered(long sentNanos, long nowNanos) {
        if (degraded(nowNanos)) {
            everBack = true;
            recoveredNanos = nowNanos;
        }
        failuresInRow = 0;
        if (sentNanos - answeredNanos > 0) {
            answeredNanos = sentNanos;
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only pulses write it, and they run on one lane
    void failed() {
        failuresInRow = failuresInRow + 1;
    }

    /** Whether units in hand may be used: the store was heard of within the heartbeat. */
    boolean fresh(long nowNanos) {
        return nowNanos - answeredNanos <= heartbeatNanos;
    }

    /** A silence alone may be our own pause; with a failed call it is an outage. */
    boolean degraded(long nowNanos) {
        return !fresh(nowNanos) && failuresInRow > 0;
    }

    StoreState state(long nowNanos) {
        if (degraded(nowNanos)) {
            return StoreState.DEGRADED;
        }
        if (failuresInRow > 0 || !fresh(nowNanos)) {
            return StoreState.SUSPECT;
        }
        return everBack && nowNanos - recoveredNanos < RECOVERY_NANOS ? StoreState.RECOVERING : StoreState.CONNECTED;
    }
}
