// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dispatch;

import java.time.Duration;
import java.util.List;

/**
 * How far ahead of its instant a permit is asked for: as long as the work between the two has lately taken.
 *
 * <p>Too short, and permits are void when the work is done; too long, and a reply to an idle page waits for nothing. The
 * estimate rises fast with work that takes longer and falls slowly, so that it lies above nine in ten. It comes in few
 * steps, since a page's units are given out in the order of their instants: many different leads would pass units over.
 * Threads: owned by one context.
 */
final class Lead {
    private static final List<Duration> STEPS =
            List.of(Duration.ofMillis(3), Duration.ofMillis(8), Duration.ofMillis(20), Duration.ofMillis(40));
    private static final double RISE = 0.2;
    private static final double FALL = 0.02;

    private double estimateNanos = Duration.ofMillis(15).toNanos();

    /** To ask the next permit with. */
    Duration present() {
        for (var step : STEPS) {
            if (estimateNanos < step.toNanos() * 0.8) {
                return step;
            }
        }
        return STEPS.getLast();
    }

    /** The work of one reply took this long. */
    void took(long nanos) {
        estimateNanos += (nanos - estimateNanos) * (nanos > estimateNanos ? RISE : FALL);
    }
}
