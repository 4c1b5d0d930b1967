// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dispatch;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * As many sends at once as there are connections: no send waits for one after its reply was journaled as leaving, and a
 * crash can leave no more than these in doubt. Threads: owned by one context; who waits is bounded by the windows.
 */
final class Slots {
    private final int most;
    private final Deque<Promise<Slot>> waiting = new ArrayDeque<>();
    private int taken;

    Slots(int most) {
        this.most = most;
    }

    /** One of them, given back exactly once; in the order of the calls. */
    Future<Slot> take() {
        Promise<Slot> promise = Promise.promise();
        waiting.addLast(promise);
        next();
        return promise.future();
    }

    /** How many are taken. */
    int taken() {
        return taken;
    }

    private void next() {
        while (taken < most && !waiting.isEmpty()) {
            taken++;
            waiting.removeFirst().complete(new Slot());
        }
    }

    /** A connection's worth of sending. */
    final class Slot {
        private boolean released;

        private Slot() {}

        void release() {
            if (!released) {
                released = true;
                taken--;
                next();
            }
        }
    }
}
