// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.kit.RedisRig;
import dev.spillway.gateway.kit.WithRedis;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random moves on the model and on Redis give the same answers and leave the same state: what the simulation proves on
 * the model holds for the scripts. The once-guard's shards are tiny, so that they grow in the middle.
 *
 * <p>The seed is in the message of a failure; {@code -Dspillway.seed=N} runs that one alone.
 */
@WithRedis
final class DifferentialIT {
    private static final Duration BUDGET = Duration.ofSeconds(15);
    private static final int SEQUENCES_MIN = 5;
    private static final int MOVES = 120;

    private final RedisRig redis;

    DifferentialIT(RedisRig redis) {
        this.redis = redis;
    }

    @Test
    void the_model_and_redis_agree_on_any_sequence_of_moves() {
        var only = Long.getLong("spillway.seed");
        var first = only == null ? System.nanoTime() : only;
        var started = System.nanoTime();
        var sequences = 0;
        try (var server = new RedisStoreRig(redis, Scripts.withShards(2))) {
            while (only == null
                    ? sequences < SEQUENCES_MIN || System.nanoTime() - started < BUDGET.toNanos()
                    : sequences == 0) {
                redis.flush();
                agree(first + sequences, server);
                sequences++;
            }
        }
        System.out.println("differential: " + sequences + " sequences of " + MOVES + " moves from seed " + first);
    }

    private static void agree(long seed, RedisStoreRig server) {
        var ours = new RandomMoves(new Random(seed), new ModelRig());
        var theirs = new RandomMoves(new Random(seed), server);
        for (var move = 0; move < MOVES; move++) {
            var expected = ours.next();
            var found = theirs.next();
            assertThat(found)
                    .as("seed %d, move %d: %s", seed, move, ours.last())
                    .isEqualTo(expected);
        }
        assertThat(theirs.state()).as("seed %d, at the end", seed).isEqualTo(ours.state());
    }
}
