// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ops;

/**
 * How late the ticks of one event loop come. Pure but for its fields: time comes in.
 *
 * <p>Remembers the worst of the current and the last window, so that a scrape every 15 s sees every stall, and one
 * stall is forgotten within two windows.
 */
final class Lag {
    private final long periodNanos;
    private final long windowNanos;

    // Written by the loop alone, read by whoever asks.
    private volatile long dueNanos;
    private volatile long worstNanos;
    private volatile long worstBeforeNanos;

    // The loop's own.
    private long windowEndNanos;

    Lag(long periodNanos, long windowNanos, long nowNanos) {
        this.periodNanos = periodNanos;
        this.windowNanos = windowNanos;
        this.dueNanos = nowNanos + periodNanos;
        this.windowEndNanos = nowNanos + windowNanos;
    }

    /** A tick came. */
    void ticked(long nowNanos) {
        var late = overdueNanos(nowNanos);
        if (nowNanos - windowEndNanos >= 0) {
            worstBeforeNanos = worstNanos;
            worstNanos = late;
            windowEndNanos = nowNanos + windowNanos;
        } else if (late > worstNanos) {
            worstNanos = late;
        }
        dueNanos = nowNanos + periodNanos;
    }

    /** How long the next tick has been due; 0 if it is not yet. */
    long overdueNanos(long nowNanos) {
        return Math.max(0, nowNanos - dueNanos);
    }

    /** The longest that a tick was late of late, one that is still to come included. */
    long worstNanos(long nowNanos) {
        return Math.max(overdueNanos(nowNanos), Math.max(worstNanos, worstBeforeNanos));
    }
}
