// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/**
 * The calls in the order in which they came, the newest of them when there are too many.
 *
 * <p>Safe for use by many threads. Bound: a number of calls, and 64 MiB of bodies.
 */
final class CallLog {
    private static final long BYTES_MAX = 64L << 20;
    private static final int WAITERS_MAX = 1_000;

    private record Waiter(long count, Promise<List<Call>> reached) {}

    private final int callsMax;
    // All guarded by this.
    private final ArrayDeque<Call> calls = new ArrayDeque<>();
    private final List<Waiter> waiters = new ArrayList<>();
    private long bytes;
    private long count;

    CallLog(int callsMax) {
        this.callsMax = callsMax;
    }

    /** Appends the call that is made from its sequence number. */
    Call add(LongFunction<Call> numbered) {
        List<Waiter> due;
        Call call;
        synchronized (this) {
            call = numbered.apply(++count);
            calls.addLast(call);
            bytes += call.body().length();
            trim();
            due = takeDue();
        }
        // Outside the lock: a waiter's handler may call back.
        due.forEach(waiter -> waiter.reached().tryComplete(list(any -> true)));
        return call;
    }

    synchronized List<Call> list(Predicate<Call> wanted) {
        return calls.stream().filter(wanted).toList();
    }

    synchronized long count() {
        return count;
    }

    /**
     * Completed once that many calls came since the start or the last reset, with those that are remembered. Whoever
     * stops waiting fails it.
     */
    Promise<List<Call>> await(long wanted) {
        var reached = Promise.<List<Call>>promise();
        synchronized (this) {
            if (count < wanted) {
                enqueue(new Waiter(wanted, reached));
                return reached;
            }
        }
        reached.complete(list(any -> true));
        return reached;
    }

    synchronized void reset() {
        calls.clear();
        bytes = 0;
        count = 0;
    }

    private void enqueue(Waiter waiter) {
        waiters.removeIf(old -> old.reached().future().isComplete());
        if (waiters.size() < WAITERS_MAX) {
            waiters.add(waiter);
        } else {
            waiter.reached().fail("too many wait for calls");
        }
    }

    private void trim() {
        while (calls.size() > callsMax || bytes > BYTES_MAX) {
            bytes -= calls.removeFirst().body().length();
        }
    }

    private List<Waiter> takeDue() {
        if (waiters.isEmpty()) {
            return List.of();
        }
        var due = waiters.stream().filter(waiter -> waiter.count() <= count).toList();
        waiters.removeAll(due);
        return due;
    }
}
