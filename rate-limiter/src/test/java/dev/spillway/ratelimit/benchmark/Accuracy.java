// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.benchmark;

import static dev.spillway.ratelimit.benchmark.Bench.print;

import dev.spillway.ratelimit.Windows;
import dev.spillway.ratelimit.benchmark.Contender.Taker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** 8 backlogged nodes with 40 callers each: how many uses any second holds. S2, S3 after idling, S4 at 10/s, S6 skewed. */
final class Accuracy {
    private static final int NODES = 8;
    private static final int CALLERS = 40;
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Bench bench;
    /** The uses of the last round of S2, in nanoseconds from its start, for the plot. */
    final Map<String, List<Long>> uses = new LinkedHashMap<>();

    Accuracy(Bench bench) {
        this.bench = bench;
    }

    /**
     * One scenario.
     *
     * @param idle that no node asks for before the flood
     */
    record Scenario(String title, long limit, long skewMillis, Duration idle, int rounds) {}

    void run(Scenario scenario) {
        print("%n### %s%n", scenario.title());
        print("| contender | uses/s (median) | worst 1 s window of all rounds | commands per use | Redis CPU us per use"
                + " | Jain | first use after ms |");
        print("|---|---|---|---|---|---|---|");
        Samples.of(scenario.rounds(), Bench.contenders(), contender -> of(contender, scenario))
                .print((name, figures) -> print(
                        "| %s | %.1f | %.0f | %.3f | %.1f | %.4f | %.1f |",
                        name,
                        figures.median(0),
                        figures.most(1),
                        figures.median(2),
                        figures.median(3),
                        figures.median(4),
                        figures.median(5)));
    }

    private double[] of(Contender contender, Scenario scenario) {
        var key = bench.fresh("s2");
        var nodes = new ArrayList<Taker>();
        for (int n = 0; n < NODES; n++) {
            var skew = n == 0 ? scenario.skewMillis() : n == 1 ? -scenario.skewMillis() : 0;
            nodes.add(contender.open(bench.uri(), key, scenario.limit(), skew));
        }
        if (!scenario.idle().isZero()) {
            nodes.forEach(node -> node.tryTake().toCompletableFuture().join());
            idle(scenario.idle());
        }
        var mine = new ArrayList<List<Long>>();
        for (int caller = 0; caller < NODES * CALLERS; caller++) {
            mine.add(new ArrayList<>());
        }
        var length = bench.round().multipliedBy(3);
        var before = bench.cost();
        var began = System.nanoTime();
        Bench.callers(NODES * CALLERS, length, caller -> {
            var use = nodes.get(caller / CALLERS).take().toCompletableFuture().join();
            var now = System.nanoTime();
            if (use.getAsBoolean()) { // the check comes right before the bytes would leave
                mine.get(caller).add(now - began);
            }
        });
        var cost = bench.cost().since(before);
        nodes.forEach(Taker::close);
        var all =
                mine.stream().flatMap(own -> List.copyOf(own).stream()).sorted().toList();
        if (scenario.limit() == 300
                && scenario.skewMillis() == 0
                && scenario.idle().isZero()) {
            uses.put(contender.name(), all);
        }
        return new double[] {
            all.stream().filter(use -> use < length.toNanos()).count() / (double) length.toSeconds(),
            Windows.worst(all, SECOND.toNanos()),
            cost.commands() / (double) Math.max(1, all.size()),
            cost.cpuSeconds() * 1e6 / Math.max(1, all.size()),
            Bench.jain(perNode(mine)),
            all.isEmpty() ? Double.NaN : all.getFirst() / 1e6
        };
    }

    private static double[] perNode(List<List<Long>> uses) {
        var perNode = new double[NODES];
        for (int caller = 0; caller < uses.size(); caller++) {
            perNode[caller / CALLERS] += uses.get(caller).size();
        }
        return perNode;
    }

    static void idle(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
