// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.async;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A bound on how much may be under way, counted in whatever the owner counts: requests, events, bytes.
 *
 * <p>Never waits: full is an answer. Threads: any.
 */
public final class Permits {
    private final long most;
    private final AtomicLong used = new AtomicLong();

    /** At most this many at once. */
    public Permits(long most) {
        this.most = most;
    }

    /** Takes so many, or none if they do not all fit. */
    public boolean tryAcquire(long count) {
        while (true) {
            var now = used.get();
            if (now + count > most) {
                return false;
            }
            if (used.compareAndSet(now, now + count)) {
                return true;
            }
        }
    }

    /** Gives back what was taken. */
    public void release(long count) {
        used.addAndGet(-count);
    }

    /** How many are taken. */
    public long used() {
        return used.get();
    }

    /** How many there are. */
    public long most() {
        return most;
    }
}
