// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random schedules of the protocol lose nothing, repeat nothing and keep the order; and the checks would notice.
 *
 * <p>A failure names its seed; {@code -Dspillway.seed=N} runs that one alone, {@code -Dspillway.seeds=N} so many.
 */
final class SeedsTest {
    private static final long SEEDS = 10_000;
    private static final int FLAWED_SEEDS_MAX = 300;

    @Test
    void no_seed_loses_or_repeats_or_reorders_anything() {
        var only = Long.getLong("spillway.seed");
        var seeds = only == null ? Long.getLong("spillway.seeds", SEEDS) : 1;
        // Other schedules each time: of those of the last run it is known how they end.
        var first = only == null ? System.currentTimeMillis() * 1000 : only;

        var wrong = LongStream.range(first, first + seeds)
                .parallel()
                .filter(seed -> !Simulation.run(seed, Set.of()).isEmpty())
                .findAny();

        System.out.println("seeds: " + seeds + " from " + first);
        wrong.ifPresent(seed ->
                assertThat(Simulation.run(seed, Set.of())).as("seed %d", seed).isEmpty());
    }

    @ParameterizedTest
    @EnumSource(Flaw.class)
    void a_protocol_with_this_flaw_breaks_its_invariant(Flaw flaw) {
        var caught = LongStream.range(0, FLAWED_SEEDS_MAX)
                .filter(seed -> Simulation.run(seed, EnumSet.of(flaw)).stream()
                        .anyMatch(wrong -> wrong.broken() == flaw.breaks()))
                .findFirst();

        assertThat(caught)
                .as("a seed below %d in which %s breaks %s", FLAWED_SEEDS_MAX, flaw, flaw.breaks())
                .isPresent();
    }

    @Test
    void every_invariant_has_a_flaw_that_breaks_it() {
        assertThat(Arrays.stream(Flaw.values()).map(Flaw::breaks)).contains(Invariant.values());
    }
}
