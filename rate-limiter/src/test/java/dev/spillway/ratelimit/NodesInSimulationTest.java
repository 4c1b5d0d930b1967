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

    private final List<SimNode.Use> uses = new ArrayList<>();
    private final SimTime time = new SimTime();

    /** I1, I4 and the commands of the design. */
    @Test
    void eight_backlogged_nodes_use_the_rate_and_never_pass_the_limit() {
        var random = new Random(1);
        var keeper = new SimKeeper(time, random);
        var nodes = nodes(8, keeper, random, NodeSettings.DEFAULT);
        nodes.forEach(node -> node.backlog(40, "text", ofSeconds(5)));

        time.runFor(ofSeconds(30));

        assertThat(SimNode.worst(uses, Ticks.PER_SECOND)).isLessThanOrEqualTo(300);
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
        Seeds.each(1_000, NodesInSimulationTest::trouble);
    }

    /** I1 for a narrow limit inside a broad one: neither is passed though their units wait for each other. */
    @Test
    void narrow_limits_inside_a_broad_one_hold_as_well() {
        var text = Limit.hard("text", 300, ofSeconds(1));
        var media = Limit.hard("media", 10, ofSeconds(1));
        for (long total : new long[] {40, 305, 400}) {
            var broad = Limit.hard("total", total, ofSeconds(1));
            var policy = Policy.of(1, Map.of("text", List.of(text, broad), "media", List.of(media, broad)));
            for (long seed = 0; seed < 10; seed++) {
                uses.clear();
                var sim = new SimTime();
                var random = new Random(seed);
                var keeper = new SimKeeper(sim, random);
                for (int i = 0; i < 4; i++) {
                    var node = new SimNode(sim, random, keeper.link(), scope -> policy, NodeSettings.DEFAULT, uses);
                    node.backlog(20, "text", ofSeconds(2));
                    node.arrivals(1 + random.nextInt(20), "media", ofSeconds(2));
                }
                sim.runFor(ofSeconds(6));
                var name = "total " + total + " seed " + seed;
                assertThat(SimNode.worst(uses, Ticks.PER_SECOND)).as(name).isLessThanOrEqualTo(total);
                assertThat(SimNode.worst(uses, Ticks.PER_SECOND, "text"))
                        .as(name)
                        .isLessThanOrEqualTo(300);
                assertThat(SimNode.worst(uses, Ticks.PER_SECOND, "media"))
                        .as(name)
                        .isBetween(5L, 10L);
                assertThat(uses.size()).as(name).isGreaterThan((int) (5 * Math.min(total, 290)));
            }
        }
    }

    /** I10: a failover that lost the limits' state, and a clock that leaps ahead, admit a bounded excess once. */
    @Test
    void lost_state_starts_without_a_burst() {
        var random = new Random(3);
        var keeper = new SimKeeper(time, random);
        nodes(8, keeper, random, NodeSettings.DEFAULT).forEach(node -> node.backlog(40, "text", ofSeconds(5)));
        time.runFor(ofSeconds(3));

        keeper.loseState();
        time.runFor(ofSeconds(3));

        assertThat(SimNode.worst(uses, Ticks.PER_SECOND))
                .as("units in hand used before the next pulse")
                .isLessThanOrEqualTo(300 + 75);
        assertThat(uses.size()).isGreaterThan(1_550);
    }

    /** I9: no node's clock is ever read as a time: another offset gives the very same uses. */
    @Test
    void a_nodes_clock_may_say_anything() {
        var first = usesWithClockOffset(0);
        assertThat(usesWithClockOffset(1L << 55)).isEqualTo(first);
        assertThat(usesWithClockOffset(-(1L << 60))).isEqualTo(first);
    }

    private static List<SimNode.Use> usesWithClockOffset(long offset) {
        var uses = new ArrayList<SimNode.Use>();
        var sim = new SimTime();
        var random = new Random(9);
        var keeper = new SimKeeper(sim, random);
        for (int i = 0; i < 4; i++) {
            var lane = new SimLane(sim, 0, i % 2 == 0 ? offset : 0);
            new SimNode(sim, random, lane, keeper.link(), scope -> POLICY, NodeSettings.DEFAULT, uses)
                    .backlog(20, "text", ofSeconds(2));
        }
        sim.runFor(ofSeconds(3));
        return uses;
    }

    private static void trouble(long seed) {
        var uses = new ArrayList<SimNode.Use>();
        var random = new Random(seed);
        var sim = new SimTime();
        var keeper = new SimKeeper(sim, random);
        keeper.loss = random.nextInt(3) == 0 ? 0.02 : 0;
        keeper.delayNanosMax = 600_000 + random.nextLong(8_000_000);
        var nodes = new ArrayList<SimNode>();
        var count = 1 + random.nextInt(10);
        for (int i = 0; i < count; i++) {
            nodes.add(new SimNode(sim, random, keeper.link(), scope -> POLICY, NodeSettings.DEFAULT, uses));
        }
        for (var node : nodes) {
            node.lead = random.nextInt(3) == 0 ? Duration.ofMillis(random.nextInt(60)) : Duration.ZERO;
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
        assertThat(SimNode.worst(uses, Ticks.PER_SECOND)).isLessThanOrEqualTo(300);
    }

    private List<SimNode> nodes(int count, SimKeeper keeper, Random random, NodeSettings settings) {
        var nodes = new ArrayList<SimNode>();
        for (int i = 0; i < count; i++) {
            nodes.add(new SimNode(time, random, keeper.link(), scope -> POLICY, settings, uses));
        }
        return nodes;
    }

    private static double jain(List<SimNode> nodes) {
        var sum = nodes.stream().mapToDouble(node -> node.used).sum();
        var squares = nodes.stream()
                .mapToDouble(node -> (double) node.used * node.used)
                .sum();
        return sum * sum / (nodes.size() * squares);
    }
}
