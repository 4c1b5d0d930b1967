// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whole nodes in virtual time: what reaches the limited party, whatever happens on the way. */
class NodesInSimulationTest {
    private static final Limit TEXT = Limit.hard("text", 300, ofSeconds(1));
    private static final Policy POLICY = Policy.of(1, Map.of("text", List.of(TEXT)));

    private final List<Long> uses = new ArrayList<>();
    private final SimTime time = new SimTime();

    /** I1, I4 and the commands of the design. */
    @Test
    void eight_backlogged_nodes_use_the_rate_and_never_pass_the_limit() {
        var random = new Random(1);
        var keeper = new SimKeeper(time, random);
        var nodes = nodes(8, keeper, random, NodeSettings.DEFAULT);
        nodes.forEach(node -> node.backlog(40, "text", ofSeconds(5)));

        time.runFor(ofSeconds(30));

        assertThat(Windows.worst(uses, Ticks.PER_SECOND)).isLessThanOrEqualTo(300);
        var rate = uses.size() / 30.0;
        assertThat(rate).as("of 283.5 a second").isGreaterThan(0.98 * 283.5);
        var pulses = 8 * 8 * 30;
        assertThat((keeper.commands - pulses) / (double) uses.size())
                .as("commands per use")
                .isLessThan(0.12);
        assertThat(jain(nodes)).isGreaterThan(0.995);
    }

    @Test
    void random_trouble_never_passes_the_limit() {
        for (long seed = 0; seed < 200; seed++) {
            trouble(seed);
        }
    }

    private void trouble(long seed) {
        uses.clear();
        var random = new Random(seed);
        var sim = new SimTime();
        var keeper = new SimKeeper(sim, random);
        keeper.loss = random.nextInt(3) == 0 ? 0.02 : 0;
        keeper.delayNanosMax = 600_000 + random.nextLong(8_000_000);
        var nodes = new ArrayList<SimNode>();
        var count = 1 + random.nextInt(10);
        for (int i = 0; i < count; i++) {
            nodes.add(node(sim, keeper, random, NodeSettings.DEFAULT));
        }
        for (var node : nodes) {
            if (random.nextBoolean()) {
                node.backlog(1 + random.nextInt(60), "text", ofSeconds(3));
            } else {
                node.arrivals(1 + random.nextInt(200), "text", ofSeconds(1));
            }
        }
        for (int step = 0; step < 40; step++) {
            sim.runFor(Duration.ofMillis(100));
            var node = nodes.get(random.nextInt(nodes.size()));
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> node.lane.stall(random.nextLong(400_000_000));
                case 3 -> node.lane.kill();
                case 4 -> keeper.stepClock(-random.nextLong(2 * Ticks.PER_SECOND));
                case 5 -> keeper.stepClock(-random.nextLong(3_600 * Ticks.PER_SECOND));
                default -> {}
            }
        }
        assertThat(Windows.worst(uses, Ticks.PER_SECOND)).as("seed %d", seed).isLessThanOrEqualTo(300);
    }

    private List<SimNode> nodes(int count, SimKeeper keeper, Random random, NodeSettings settings) {
        var nodes = new ArrayList<SimNode>();
        for (int i = 0; i < count; i++) {
            nodes.add(node(time, keeper, random, settings));
        }
        return nodes;
    }

    private SimNode node(SimTime sim, SimKeeper keeper, Random random, NodeSettings settings) {
        return new SimNode(sim, random, keeper.link(), scope -> POLICY, settings, uses);
    }

    private static double jain(List<SimNode> nodes) {
        var sum = nodes.stream().mapToDouble(node -> node.used).sum();
        var squares = nodes.stream()
                .mapToDouble(node -> (double) node.used * node.used)
                .sum();
        return sum * sum / (nodes.size() * squares);
    }
}
