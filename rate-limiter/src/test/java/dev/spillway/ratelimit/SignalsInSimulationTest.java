// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import static dev.spillway.ratelimit.Laws.SCOPE;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Many nodes hear the limited party, in virtual time. */
class SignalsInSimulationTest {
    private final SimTime time = new SimTime();
    private final Random random = new Random(5);
    private final SimKeeper keeper = new SimKeeper(time, random);
    private final List<SimNode.Use> uses = new ArrayList<>();
    private final List<SimNode> nodes = new ArrayList<>();

    /** I12, S10. */
    @Test
    void a_storm_of_throttles_is_one_decrease_and_one_probe() {
        start(8, Limit.hard("text", 300, ofSeconds(1)), NodeSettings.DEFAULT);
        nodes.forEach(node -> node.backlog(40, "text", ofMinutes(2)));
        time.runFor(ofSeconds(3));

        var answers = new int[1];
        nodes.forEach(node -> node.onPermit = permit -> {
            answers[0]++;
            time.in(random.nextLong(100_000_000), () -> permit.complete(new SendOutcome.Throttled(ofSeconds(10))));
        });
        time.runFor(ofMillis(200));
        assertThat(answers[0]).as("throttled answers").isGreaterThan(2);
        var snapshot = nodes.getFirst().limiter.snapshot(SCOPE);
        assertThat(snapshot.epoch()).isEqualTo(1);
        assertThat(snapshot.factor()).isEqualTo(0.7);

        var before = uses.size();
        nodes.forEach(node ->
                node.onPermit = permit -> time.in(300_000_000, () -> permit.complete(new SendOutcome.Delivered())));
        time.runFor(ofMillis(9_500));
        assertThat(uses).as("paused").hasSize(before);
        time.runFor(ofMillis(550));
        assertThat(uses.size() - before).as("one probe while its answer is out").isLessThanOrEqualTo(1);
        time.runFor(ofMillis(800));
        assertThat(uses.size()).isGreaterThan(before + 1);
        time.runFor(ofSeconds(60));
        assertThat(nodes.getFirst().limiter.snapshot(SCOPE).factor()).isEqualTo(1);
    }

    /** I11. */
    @Test
    void a_pause_stops_every_node_within_one_trip() {
        assertThat(usesAfterPause(false)).as("ms").isLessThanOrEqualTo(5);
    }

    /** I11. */
    @Test
    void a_pause_whose_messages_are_all_lost_stops_every_node_within_the_heartbeat() {
        assertThat(usesAfterPause(true)).as("ms").isBetween(5L, 260L);
    }

    private long usesAfterPause(boolean losePublishes) {
        start(8, Limit.hard("text", 300, ofSeconds(1)), NodeSettings.DEFAULT);
        nodes.forEach(node -> node.backlog(40, "text", ofMinutes(2)));
        time.runFor(ofSeconds(3));
        keeper.losesPublishes = losePublishes;
        var paused = Ticks.ofNanos(time.nanos());
        nodes.getFirst().limiter.onSignal(new ThrottleSignal.Pause(SCOPE, ofSeconds(30)));
        time.runFor(ofSeconds(29));
        var last = uses.stream().mapToLong(SimNode.Use::instant).max().orElseThrow();
        return (last - paused) / Ticks.PER_MILLI - 10; // the network's part of the lateness
    }

    /**
     * I13: usage settles below 100. While the first hour fills, others may push it past 100: what we used before cannot be taken
     * back.
     */
    @Test
    void usage_settles_and_its_swing_dies_away() {
        for (double others : new double[] {0, 0.2, 0.5}) {
            var sim = new SignalsInSimulationTest();
            sim.settle(others);
        }
    }

    private void settle(double others) {
        var perHour = 3_600.0;
        var meta = new SimMeta(time, perHour);
        start(2, Limit.hard("text", 2, ofSeconds(1)), slowHeartbeat());
        nodes.forEach(node -> {
            node.onPermit = permit -> {
                node.limiter.onSignal(new ThrottleSignal.Usage(SCOPE, meta.called(1)));
                permit.complete(new SendOutcome.Delivered());
            };
            node.backlog(3, "text", ofSeconds(60));
        });
        everySecond(() -> meta.called(others * perHour / 3_600));

        time.runFor(Duration.ofHours(2));
        var early = swing(meta);
        time.runFor(Duration.ofHours(8));
        var late = swing(meta);

        if (others == 0) {
            assertThat(meta.highest).as("our own use alone").isLessThan(100);
        }
        assertThat(late).as("swing with others %s, %s before", others, early).isLessThan(5);
        assertThat(meta.usage())
                .as("others %s: put to use, and settled", others)
                .isBetween(70.0, 99.0);
    }

    /** Between the highest and the lowest usage of two hours. */
    private double swing(SimMeta meta) {
        var low = Double.MAX_VALUE;
        var high = 0.0;
        for (int minute = 0; minute < 120; minute++) {
            time.runFor(ofMinutes(1));
            low = Math.min(low, meta.usage());
            high = Math.max(high, meta.usage());
        }
        return high - low;
    }

    private void everySecond(Runnable task) {
        time.in(1_000_000_000, () -> {
            task.run();
            everySecond(task);
        });
    }

    private static NodeSettings slowHeartbeat() {
        var base = NodeSettings.DEFAULT;
        return new NodeSettings(
                base.replicas(),
                base.safeShare(),
                base.batch(),
                base.batchMax(),
                base.ahead(),
                ofSeconds(10),
                base.waitingMax(),
                base.waitingMaxNode(),
                base.conversationsMax(),
                base.idle());
    }

    private void start(int count, Limit limit, NodeSettings settings) {
        var policy = Policy.of(1, Map.of("text", List.of(limit)));
        for (int i = 0; i < count; i++) {
            nodes.add(new SimNode(time, random, keeper.link(), scope -> policy, settings, uses));
        }
    }
}
