// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** When each request of an open loop is due, in nanoseconds since its start. */
record Schedule(long[] dueNanos) {
    /** So many requests per second for so long. */
    record Step(int rate, int seconds) {}

    static Schedule of(List<Step> steps) {
        var due = LongStream.empty();
        var start = 0L;
        for (var step : steps) {
            var from = start;
            due = LongStream.concat(
                    due,
                    LongStream.range(0, (long) step.rate() * step.seconds())
                            .map(n -> from + n * TimeUnit.SECONDS.toNanos(1) / step.rate()));
            start += TimeUnit.SECONDS.toNanos(step.seconds());
        }
        return new Schedule(due.toArray());
    }
}
