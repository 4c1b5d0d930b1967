// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Lets one partition of this process at a time run what the process may die of, so that it is known what it died of.
 *
 * <p>Threads: owned by one context. Who waits is bounded by the partitions held.
 */
final class SuspectTurn {
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean taken;

    /** Calls back when it is one's turn: at once, or when those before have given it back. */
    void take(Runnable turn) {
        if (taken) {
            waiting.addLast(turn);
        } else {
            taken = true;
            turn.run();
        }
    }

    /** It is the next one's. */
    void giveBack() {
        var next = waiting.pollFirst();
        if (next == null) {
            taken = false;
        } else {
            next.run();
        }
    }
}
