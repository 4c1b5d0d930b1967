// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.util.function.LongConsumer;
import java.util.stream.LongStream;

/**
 * Runs a simulation for many seeds, on all processors.
 *
 * <p>{@code -Dsimulation.seed=N} replays one of them, {@code -Dsimulation.seeds=N} runs more than usual.
 */
final class Seeds {
    private Seeds() {}

    static void each(int usual, LongConsumer simulation) {
        var one = Long.getLong("simulation.seed");
        if (one != null) {
            simulation.accept(one);
            return;
        }
        LongStream.range(0, Math.max(usual, Long.getLong("simulation.seeds", 0)))
                .parallel()
                .forEach(seed -> {
                    try {
                        simulation.accept(seed);
                    } catch (AssertionError | RuntimeException e) {
                        throw new AssertionError("replay it with -Dsimulation.seed=" + seed, e);
                    }
                });
    }
}
