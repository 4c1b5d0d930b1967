// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A fault that waits for its moment, and says whether it came. Strikes once. */
public final class Fault {
    /** What happens to the command and to those after it on its connection. */
    enum Kind {
        /** It runs, its reply is dropped, the connection is cut. */
        SWALLOW,
        /** It does not run, the connection is cut. */
        CUT_BEFORE
    }

    private final Kind kind;
    private final CommandMatch match;
    private final int nth;
    private final int replies;
    private final AtomicInteger seen = new AtomicInteger();
    private final CountDownLatch struck = new CountDownLatch(1);

    Fault(Kind kind, CommandMatch match, int nth, int replies) {
        if (nth < 1 || replies < 1) {
            throw new IllegalArgumentException("nth: " + nth + ", replies: " + replies + " (expected: 1 or more)");
        }
        this.kind = kind;
        this.match = match;
        this.nth = nth;
        this.replies = replies;
    }

    /** Counts the command if it is one of ours; true on the one to strike. */
    boolean isDueAt(Command command) {
        return match.matches(command) && seen.incrementAndGet() == nth;
    }

    Kind kind() {
        return kind;
    }

    int replies() {
        return replies;
    }

    void strike() {
        struck.countDown();
    }

    /** How many commands matched since it was asked for. */
    public int seen() {
        return seen.get();
    }

    /** Whether the connection has been cut by it. */
    public boolean struck() {
        return struck.getCount() == 0;
    }

    /** Waits until it has struck; false when it has not in this time. */
    public boolean awaitStruck(Duration patience) throws InterruptedException {
        return struck.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }
}
