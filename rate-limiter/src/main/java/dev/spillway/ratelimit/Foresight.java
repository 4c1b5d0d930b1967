// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

/**
 * How many units a busy desk is likely to use within half the time they stay good: it asks for those before anyone waits.
 *
 * <p>Threads: the lane measures; the figure is read by all.
 */
final class Foresight {
    private final long holdNanos;
    private volatile long units;
    private long measuredTaken;
    private long measuredNanos;
    private long busyNanos;

    Foresight(long holdNanos, long nowNanos) {
        this.holdNanos = holdNanos;
        this.measuredNanos = nowNanos;
        this.busyNanos = nowNanos;
    }

    long units() {
        return units;
    }

    /** When units were last seen to be taken. */
    long busyNanos() {
        return busyNanos;
    }

    /** So many units have been taken since the start. */
    void measure(long taken, long nowNanos, long most) {
        if (taken > measuredTaken) {
            busyNanos = nowNanos;
        }
        var elapsed = nowNanos - measuredNanos;
        if (elapsed > 0 && elapsed >= holdNanos / 8) {
            var wanted = (taken - measuredTaken) * (holdNanos / 2) / elapsed;
            units = Math.min((units + wanted) / 2, most);
            measuredTaken = taken;
            measuredNanos = nowNanos;
        }
    }
}
