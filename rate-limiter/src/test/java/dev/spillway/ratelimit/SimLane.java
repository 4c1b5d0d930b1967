// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

/** A node's lane in virtual time, with a clock that may drift and a thread that may stall or die. */
final class SimLane implements Lane {
    private final SimTime time;
    private final long driftPerMillion;
    private final long offset;
    private long stalledUntil;
    private boolean dead;

    SimLane(SimTime time, long driftPerMillion, long offset) {
        this.time = time;
        this.driftPerMillion = driftPerMillion;
        this.offset = offset;
    }

    void stall(long nanos) {
        stalledUntil = time.nanos() + nanos;
    }

    /** As {@code kill -9}: nothing of it ever runs again. */
    void kill() {
        dead = true;
    }

    boolean alive() {
        return !dead;
    }

    boolean stalled() {
        return time.nanos() < stalledUntil;
    }

    @Override
    public long nanos() {
        var real = time.nanos();
        return offset + real + real / 1_000_000 * driftPerMillion;
    }

    @Override
    public void execute(Runnable task) {
        time.in(0, () -> runOrWait(task));
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        var real = delayNanos - delayNanos / 1_000_000 * driftPerMillion;
        return time.in(Math.max(0, real), () -> runOrWait(task))::cancel;
    }

    private void runOrWait(Runnable task) {
        if (dead) {
            return;
        }
        if (stalled()) {
            time.at(stalledUntil, () -> runOrWait(task));
        } else {
            task.run();
        }
    }

    @Override
    public void close() {
        dead = true;
    }
}
