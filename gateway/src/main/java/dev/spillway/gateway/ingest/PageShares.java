// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ingest;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which part of the events of the last ten seconds each page has, in a fixed amount of memory however many pages there
 * are.
 *
 * <p>A sketch: each page counts in two cells, and the smaller of them is believed, so that a share may be told too large
 * where pages share both cells, never too small. Threads: any.
 */
final class PageShares {
    private static final int CELLS = 4096;
    private static final int ROWS = 2;

    private record Half(AtomicIntegerArray cells, AtomicLong events, AtomicLong pages) {
        static Half empty() {
            return new Half(new AtomicIntegerArray(CELLS * ROWS), new AtomicLong(), new AtomicLong());
        }
    }

    private volatile Half earlier = Half.empty();
    private volatile Half now = Half.empty();

    /** An event of this page came, whatever became of it. */
    void add(String page) {
        var half = now;
        var hash = spread(page.hashCode());
        half.events().incrementAndGet();
        var first = half.cells().getAndIncrement(first(hash));
        half.cells().incrementAndGet(second(hash));
        if (first == 0) {
            half.pages().incrementAndGet();
        }
    }

    /** Forgets the older half. Call every five seconds. */
    void turn() {
        earlier = now;
        now = Half.empty();
    }

    /** The page's part of all events, from 0 to 1. */
    double share(String page) {
        var hash = spread(page.hashCode());
        long mine = Math.min(in(earlier, first(hash)), in(earlier, second(hash)))
                + Math.min(in(now, first(hash)), in(now, second(hash)));
        var all = earlier.events().get() + now.events().get();
        return all == 0 ? 0 : (double) mine / all;
    }

    /** About how many pages there were. */
    long pages() {
        return Math.max(earlier.pages().get(), now.pages().get());
    }

    private static long in(Half half, int cell) {
        return half.cells().get(cell);
    }

    private static int first(int hash) {
        return hash & (CELLS - 1);
    }

    private static int second(int hash) {
        return CELLS + (hash >>> 16 & (CELLS - 1));
    }

    private static int spread(int hash) {
        var mixed = hash * 0x9E3779B9;
        return mixed ^ mixed >>> 15;
    }
}
