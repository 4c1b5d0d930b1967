// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one connection whose replies are still to come, in order, and what each reply will meet.
 *
 * <p>A command is put here before its first byte goes on, so every reply finds its command at the head.
 */
final class AwaitedReplies {
    private static final int IN_FLIGHT_MAX = 100_000;

    /** What happens when its turn comes. A cut before a command waits in the list like a command. */
    private record Awaited(
            boolean dropped,
            @Nullable Fault cutAfter,
            @Nullable Fault cutBefore) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Awaited> awaited = new ArrayDeque<>(); // guarded by lock

    void add() {
        add(new Awaited(false, null, null));
    }

    /** The reply will not reach the client; {@code last}: and then comes the cut. */
    void addDropped(@Nullable Fault last) {
        add(new Awaited(true, last, null));
    }

    /** Cut when all earlier replies have come; true when they have already. */
    boolean addCut(Fault fault) {
        return add(new Awaited(false, null, fault)) == 1;
    }

    private int add(Awaited next) {
        lock.lock();
        try {
            if (awaited.size() >= IN_FLIGHT_MAX) {
                throw new IllegalStateException("more than " + IN_FLIGHT_MAX + " commands without a reply");
            }
            awaited.add(next);
            return awaited.size();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the reply that starts now is to be dropped. */
    boolean dropsNext() {
        lock.lock();
        try {
            var next = awaited.peek();
            return next != null && next.dropped();
        } finally {
            lock.unlock();
        }
    }

    /** Notes a whole reply; the fault for which the connection is to be cut now, if any. */
    Optional<Fault> replied() {
        lock.lock();
        try {
            var answered = awaited.poll();
            if (answered != null && answered.cutAfter() != null) {
                return Optional.of(answered.cutAfter());
            }
            return Optional.ofNullable(awaited.peek()).map(Awaited::cutBefore);
        } finally {
            lock.unlock();
        }
    }
}
