// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.util.List;
import java.util.Map;

/**
 * What a spike did to Spillway.
 *
 * @param statuses how often each came; 0 is no answer
 * @param lost acknowledged events that were not found in the streams
 * @param p99BySecond in milliseconds, of the requests that were due in that second
 * @param backMillis the p99 that counts as back: the median of the seconds before the spike, at least 5 ms
 * @param settledAfterSeconds from the start of the spike until p99 stayed there; -1 if never
 * @param backAfterSeconds from the end of the spike until p99 stayed there; -1 if never
 * @param heapBefore in bytes, after a collection
 * @param heapPeak the most that was seen in use between collections
 */
record SpikeResult(
        int rate,
        int seconds,
        Map<Integer, Long> statuses,
        long lost,
        double slowestRefusalMillis,
        List<Double> p99BySecond,
        double backMillis,
        int settledAfterSeconds,
        int backAfterSeconds,
        long heapBefore,
        long heapPeak,
        long heapAfter) {
    /** Seconds from {@code start} until every second up to {@code end} is at or under {@code most}; -1 if none is. */
    static int settled(List<Double> bySecond, int start, int end, double most) {
        var first = end;
        while (first > start && bySecond.get(first - 1) <= most) {
            first--;
        }
        return first == end ? -1 : first - start;
    }
}
