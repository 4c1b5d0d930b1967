// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.ratelimit.RateLimiterSnapshot.StoreState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** I14: the store goes away and comes back, in virtual time. */
class OutageInSimulationTest {
    private static final Policy POLICY = Policy.of(1, Map.of("text", List.of(Limit.hard("text", 300, ofSeconds(1)))));

    private final List<SimNode.Use> uses = new ArrayList<>();

    @Test
    void nodes_go_on_with_a_safe_share_and_come_back_without_a_burst() {
        for (long seed = 0; seed < 20; seed++) {
            outage(seed);
        }
    }

    private void outage(long seed) {
        uses.clear();
        var time = new SimTime();
        var random = new Random(seed);
        var keeper = new SimKeeper(time, random);
        var nodes = start(time, random, keeper, 6);
        nodes.forEach(node -> node.backlog(30, "text", ofSeconds(2)));
        time.runFor(ofSeconds(3));

        keeper.down = true;
        time.runFor(ofMillis(600));
        assertThat(nodes.getFirst().limiter.snapshot(Laws.SCOPE).store()).isEqualTo(StoreState.DEGRADED);
        var before = uses.size();
        time.runFor(ofSeconds(10));
        var share = 0.5 * 283.5 * 10;
        assertThat((double) (uses.size() - before)).as("seed %d", seed).isBetween(0.9 * share, share + 6);

        keeper.down = false;
        time.runFor(ofSeconds(3));
        assertThat(nodes.getFirst().limiter.snapshot(Laws.SCOPE).store()).isEqualTo(StoreState.CONNECTED);
        assertThat(SimNode.worst(uses, Ticks.PER_SECOND)).as("seed %d", seed).isLessThanOrEqualTo(300);
        assertThat(uses.size() - before).isGreaterThan((int) share + 500);
    }

    @Test
    void flapping_never_passes_the_limit_by_more_than_a_unit_per_node() {
        for (long seed = 0; seed < 30; seed++) {
            uses.clear();
            var time = new SimTime();
            var random = new Random(seed);
            var keeper = new SimKeeper(time, random);
            var nodes = start(time, random, keeper, 4);
            nodes.forEach(node -> node.backlog(30, "text", ofSeconds(2)));
            for (int step = 0; step < 20; step++) {
                time.runFor(ofMillis(50 + random.nextInt(900)));
                keeper.down = !keeper.down;
            }
            assertThat(SimNode.worst(uses, Ticks.PER_SECOND))
                    .as("seed %d", seed)
                    .isLessThanOrEqualTo(304);
        }
    }

    /** I6: whatever the store does, every acquire ends once and in time, and who cancels takes nothing. */
    @Test
    void every_acquire_ends_in_time() {
        for (long seed = 0; seed < 50; seed++) {
            var time = new SimTime();
            var random = new Random(seed);
            var keeper = new SimKeeper(time, random);
            keeper.loss = 0.05;
            var node = start(time, random, keeper, 1).getFirst();
            var ended = new ArrayList<Long>();
            var cancelled = 0;
            for (int i = 0; i < 400; i++) {
                var maxWait = ofMillis(random.nextInt(1_500));
                var request = new AcquireRequest(
                        Laws.SCOPE, "text", "c" + i % 9, 1 + random.nextInt(3), maxWait, Priority.NORMAL);
                var deadline = time.nanos() + maxWait.toNanos() + 10_000_000;
                var stage = node.limiter.acquire(request);
                if (random.nextInt(5) == 0 && stage.toCompletableFuture().cancel(false)) {
                    cancelled++;
                } else {
                    stage.whenComplete((permit, failure) -> ended.add(deadline - time.nanos()));
                }
                if (random.nextInt(50) == 0) {
                    keeper.down = !keeper.down;
                }
                time.runFor(ofMillis(random.nextInt(10)));
            }
            time.runFor(ofSeconds(3));
            assertThat(ended.size() + cancelled).as("seed %d", seed).isEqualTo(400);
            assertThat(ended).as("seed %d", seed).allMatch(left -> left >= 0);
            assertThat(node.limiter.snapshot(Laws.SCOPE).waiting()).isZero();
        }
    }

    private List<SimNode> start(SimTime time, Random random, SimKeeper keeper, int count) {
        var nodes = new ArrayList<SimNode>();
        for (int i = 0; i < count; i++) {
            var settings = NodeSettings.DEFAULT.withReplicas(count);
            nodes.add(new SimNode(time, random, keeper.link(), scope -> POLICY, settings, uses));
        }
        return nodes;
    }
}
