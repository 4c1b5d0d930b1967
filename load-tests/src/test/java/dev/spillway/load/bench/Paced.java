// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** What came of each request of an open loop: its status, and its time from the moment it was due. */
final class Paced {
    private static final int OK = 200;

    private final long[] dueNanos;
    private final long[] nanos;
    private final int[] statuses;

    Paced(long[] dueNanos) {
        this.dueNanos = dueNanos;
        this.nanos = new long[dueNanos.length];
        this.statuses = new int[dueNanos.length];
        // Who is never answered has waited for ever.
        Arrays.fill(nanos, Long.MAX_VALUE);
    }

    void answered(int request, int status, long now) {
        statuses[request] = status;
        if (status != HttpConnection.BROKEN) {
            nanos[request] = now - dueNanos[request];
        }
    }

    /** How often each status came; 0 is no answer. */
    Map<Integer, Long> statuses() {
        var counts = new TreeMap<Integer, Long>();
        for (var status : statuses) {
            counts.merge(status, 1L, Long::sum);
        }
        return counts;
    }

    /** The numbers of those that were answered with 200. */
    BitSet acked() {
        var acked = new BitSet();
        for (var request = 0; request < statuses.length; request++) {
            acked.set(request, statuses[request] == OK);
        }
        return acked;
    }

    /** Of all requests, in milliseconds. */
    double millis(double part) {
        return millis(nanos.clone(), part);
    }

    /** Of the requests that were due in this second, in milliseconds. */
    double millisInSecond(int second, double part) {
        var second0 = TimeUnit.SECONDS.toNanos(second);
        var second1 = TimeUnit.SECONDS.toNanos(second + 1);
        var some = IntStream.range(0, dueNanos.length)
                .filter(request -> dueNanos[request] >= second0 && dueNanos[request] < second1)
                .mapToLong(request -> nanos[request])
                .toArray();
        return millis(some, part);
    }

    /** The longest any answer took that was not 200, in milliseconds. */
    double slowestRefusalMillis() {
        return IntStream.range(0, statuses.length)
                        .filter(request -> statuses[request] != OK)
                        .mapToLong(request -> nanos[request])
                        .max()
                        .orElse(0)
                / 1e6;
    }

    private static double millis(long[] some, double part) {
        return Sample.quantile(some, part) / 1e6;
    }
}
