// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import org.jspecify.annotations.Nullable;

/** Wakes a desk at the earliest instant it needs: at most one timer at a time. Threads: its lane's. */
final class Alarm {
    static final long NEVER = Long.MAX_VALUE;

    private final Lane lane;
    private final Runnable task;
    private Lane.@Nullable Timer timer;
    private long setNanos = NEVER;

    Alarm(Lane lane, Runnable task) {
        this.lane = lane;
        this.task = task;
    }

    /** Replaces the instant that was set before. */
    void set(long nextNanos, long nowNanos) {
        if (nextNanos == setNanos) {
            return;
        }
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        setNanos = nextNanos;
        if (nextNanos != NEVER) {
            timer = lane.schedule(Math.max(0, nextNanos - nowNanos), this::ring);
        }
    }

    private void ring() {
        timer = null;
        setNanos = NEVER;
        task.run();
    }
}
