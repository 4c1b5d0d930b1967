// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.util.ArrayDeque;
import java.util.Deque;

/** The limited party: counts a rolling hour of everyone's calls and says in per cent how much of it is used. */
final class SimMeta {
    private static final long HOUR_NANOS = 3_600_000_000_000L;
    private static final long MINUTE_NANOS = 60_000_000_000L;

    private final SimTime time;
    private final double perHour;
    private final Deque<double[]> minutes = new ArrayDeque<>();
    private double sum;
    double highest;

    SimMeta(SimTime time, double perHour) {
        this.time = time;
        this.perHour = perHour;
    }

    /** Takes calls in; the usage that its answer carries. */
    double called(double calls) {
        var minute = time.nanos() / MINUTE_NANOS;
        if (minutes.isEmpty() || minutes.getLast()[0] != minute) {
            minutes.addLast(new double[] {minute, 0});
        }
        minutes.getLast()[1] += calls;
        sum += calls;
        while (minutes.getFirst()[0] <= minute - HOUR_NANOS / MINUTE_NANOS) {
            sum -= minutes.removeFirst()[1];
        }
        highest = Math.max(highest, usage());
        return usage();
    }

    double usage() {
        return 100 * sum / perHour;
    }
}
