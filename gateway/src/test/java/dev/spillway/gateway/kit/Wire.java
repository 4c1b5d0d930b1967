// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** How good the line is, in one direction, for all connections of a proxy. Set by the test, read by their threads. */
final class Wire {
    private static final int SLICE_BYTES = 4_096;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition passable = lock.newCondition();
    private boolean hole;
    private volatile long latencyNanos;
    private volatile long bytesPerSecond;
    private volatile long lastSentNanos = System.nanoTime();

    void latency(Duration latency) {
        latencyNanos = latency.toNanos();
    }

    void bandwidth(long newBytesPerSecond) {
        bytesPerSecond = newBytesPerSecond;
    }

    void hole(boolean open) {
        lock.lock();
        try {
            hole = open;
            passable.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void heal() {
        latency(Duration.ZERO);
        bandwidth(0);
        hole(false);
    }

    /** When what is sent now arrives. */
    long arrivalNanos() {
        var now = System.nanoTime();
        lastSentNanos = now;
        return now + latencyNanos;
    }

    /** When something was last sent, on the clock of {@link System#nanoTime}; at first, when the wire was made. */
    long lastSentNanos() {
        return lastSentNanos;
    }

    /** Returns at the arrival, and not while there is a hole. */
    void awaitArrival(long arrivalNanos) throws InterruptedException {
        var left = arrivalNanos - System.nanoTime();
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
        lock.lock();
        try {
            while (hole) {
                passable.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many of these bytes go out at once; the caller then calls {@link #pace} with that number. */
    int slice(int bytes) {
        return bytesPerSecond == 0 ? bytes : Math.min(bytes, SLICE_BYTES);
    }

    void pace(int bytes) throws InterruptedException {
        var rate = bytesPerSecond;
        if (rate > 0) {
            TimeUnit.NANOSECONDS.sleep(bytes * TimeUnit.SECONDS.toNanos(1) / rate);
        }
    }
}
