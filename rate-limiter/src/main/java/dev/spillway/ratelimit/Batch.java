// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A lease as a node holds it: its units with the time in which each may be used, by this node's monotonic clock only.
 *
 * <p>Unit k may be used from {@code arrival + e_k}, so never early, until {@code sent + e_k + lateness}, so never later than
 * the lateness after it fell due at the store. Whoever has work to do before the use takes it that much earlier, and only
 * if it will still be good then. Threads: any may take; units are handed out in order, once.
 */
final class Batch {
    /** No unit left. */
    static final long GONE = -1;
    /** The next unit is not due yet. */
    static final long NOT_YET = -2;
    /** The next unit is good, but not for as long as the work takes. */
    static final long TOO_OLD = -3;

    final LeaseReply.Granted grant;
    /** Of an outage's safe share, so only good while it lasts. */
    final boolean local;

    final long generation;
    private final long[] offsets;
    private final long[] intervals;
    private final long arrivalNanos;
    private final long sentNanos;
    private final long latenessNanos;
    private final long leadTicks;
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong expired = new AtomicLong();

    Batch(
            LeaseReply.Granted grant,
            boolean local,
            long generation,
            long sentNanos,
            long arrivalNanos,
            long latenessNanos,
            long leadTicks) {
        this.grant = grant;
        this.local = local;
        this.generation = generation;
        this.offsets = grant.timelines().stream()
                .mapToLong(LeaseReply.Timeline::offset)
                .toArray();
        this.intervals = grant.timelines().stream()
                .mapToLong(LeaseReply.Timeline::interval)
                .toArray();
        this.sentNanos = sentNanos;
        this.arrivalNanos = arrivalNanos;
        this.latenessNanos = latenessNanos;
        this.leadTicks = leadTicks;
    }

    /**
     * Takes {@code weight} units that may all be used when the lead has passed; the first one's number, or {@link #GONE},
     * {@link #NOT_YET} or {@link #TOO_OLD}.
     */
    long take(long nowNanos, int weight, long leadNanos) {
        while (true) {
            var k = next.get();
            if (k + weight > grant.n()) {
                return GONE;
            }
            if (nowNanos - voidNanos(k) > 0) {
                drop(k);
                continue;
            }
            if (nowNanos + leadNanos - voidNanos(k) > 0) {
                return TOO_OLD;
            }
            if (nowNanos + leadNanos - dueNanos(k, weight) < 0) {
                return NOT_YET;
            }
            if (next.compareAndSet(k, k + weight)) {
                return k;
            }
        }
    }

    /** Passes a unit over that is too old for the one whose turn it is. */
    void passOver() {
        var k = next.get();
        if (k < grant.n()) {
            drop(k);
        }
    }

    private void drop(long k) {
        if (next.compareAndSet(k, k + 1)) {
            expired.incrementAndGet();
        }
    }

    /** Undoes the last take if no other followed. */
    boolean putBack(long k, int weight) {
        return next.compareAndSet(k + weight, k);
    }

    /** When a take of this weight becomes possible. */
    long readyNanos(int weight) {
        return dueNanos(Math.min(next.get(), grant.n() - weight), weight);
    }

    /** When units k and following may all be used. */
    long dueNanos(long k, int weight) {
        return arrivalNanos + offsetNanos(k + weight - 1);
    }

    /** When a unit becomes void. */
    long voidNanos(long k) {
        return sentNanos + offsetNanos(k) + latenessNanos;
    }

    long left() {
        return Math.max(0, grant.n() - next.get());
    }

    long expired() {
        return expired.get();
    }

    /** Units handed out. */
    long taken() {
        return next.get() - expired.get();
    }

    /** Gives up what is left; returns how many units that were. Nothing can be put back from then on. */
    long abandon() {
        return Math.max(0, grant.n() - next.getAndSet(grant.n() + 1));
    }

    boolean isLast(long k) {
        return k == grant.n() - 1;
    }

    private long offsetNanos(long k) {
        var due = 0L;
        for (int i = 0; i < offsets.length; i++) {
            due = Math.max(due, offsets[i] + k * intervals[i]);
        }
        return Ticks.toNanos(due + leadTicks);
    }
}
