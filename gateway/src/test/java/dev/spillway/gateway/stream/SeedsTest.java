// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.stream.ModelPartition.Flaw;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random schedules of the protocol lose nothing, repeat nothing and keep the order; and the checks would notice.
 *
 * <p>A failure names its seed; {@code -Dspillway.seed=N} runs that one alone, {@code -Dspillway.seeds.seconds=N} longer.
 */
final class SeedsTest {
    private static final long SEEDS_MIN = 50;
    private static final int FLAWED_SEEDS_MAX = 300;

    @Test
    void no_seed_loses_or_repeats_or_reorders_anything() {
        var only = Long.getLong("spillway.seed");
        var first = only == null ? System.nanoTime() : only;
        var budget = Duration.ofSeconds(Long.getLong("spillway.seeds.seconds", 15));
        var started = System.nanoTime();
        var seed = first;
        do {
            assertThat(Simulation.run(seed, Set.of())).as("seed %d", seed).isEmpty();
            seed++;
        } while (only == null && (seed - first < SEEDS_MIN || System.nanoTime() - started < budget.toNanos()));
        System.out.println("seeds: " + (seed - first) + " from " + first);
    }

    @ParameterizedTest
    @EnumSource(Flaw.class)
    void a_protocol_with_this_flaw_is_caught(Flaw flaw) {
        var caught = LongStream.range(0, FLAWED_SEEDS_MAX)
                .filter(seed -> !Simulation.run(seed, EnumSet.of(flaw)).isEmpty())
                .findFirst();

        assertThat(caught)
                .as("a seed below %d that shows %s", FLAWED_SEEDS_MAX, flaw)
                .isPresent();
    }
}
