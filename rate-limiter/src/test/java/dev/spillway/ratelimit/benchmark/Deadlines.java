// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.benchmark;

import static dev.spillway.ratelimit.benchmark.Bench.print;

import dev.spillway.ratelimit.benchmark.Contender.Taker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ConcurrentLinkedQueue;

/** S9: 120 per cent of 300/s arrive at 4 nodes, each worth a second's wait: when are they told? */
record Deadlines(Bench bench) {
    private static final int NODES = 4;
    private static final long PER_SECOND = 360;
    private static final Duration DEADLINE = Duration.ofSeconds(1);
    /** Long enough for the excess to fill the second that all may wait. */
    private static final Duration LENGTH = Duration.ofSeconds(10);

    /** How an arrival ended, after so many nanoseconds. */
    private record End(boolean granted, long nanos) {}

    void run() {
        print("%n### S9: 360/s arrive where 300/s may pass, each waits for a second at most%n");
        print("| contender | granted/s | granted later than its second: p99 ms | refused/s | told after ms: p50 | p99 |"
                + " commands per arrival |");
        print("|---|---|---|---|---|---|---|");
        Samples.of(Math.min(2, bench.rounds()), Bench.libraries(), this::of)
                .print((name, figures) -> print(
                        "| %s | %.1f | %.1f | %.1f | %.0f | %.0f | %.3f |",
                        name,
                        figures.median(0),
                        figures.median(1),
                        figures.median(2),
                        figures.median(3),
                        figures.median(4),
                        figures.median(5)));
    }

    private double[] of(Contender contender) {
        var key = bench.fresh("s9");
        var nodes = new ArrayList<Taker>();
        for (int n = 0; n < NODES; n++) {
            nodes.add(contender.open(bench.uri(), key, 300, 0));
        }
        var ends = new ConcurrentLinkedQueue<End>();
        var length = LENGTH;
        var before = bench.cost();
        var began = System.nanoTime();
        var arrivals = length.toSeconds() * PER_SECOND;
        for (long i = 0; i < arrivals; i++) {
            var instant = began + i * 1_000_000_000L / PER_SECOND;
            if (instant - System.nanoTime() > 0) {
                Accuracy.idle(Duration.ofNanos(instant - System.nanoTime()));
            }
            var node = nodes.get((int) (i % NODES));
            var asked = System.nanoTime();
            node.take(DEADLINE).whenComplete((granted, failure) -> {
                ends.add(new End(granted != null && granted, System.nanoTime() - asked));
            });
        }
        Accuracy.idle(DEADLINE.plusMillis(500));
        var cost = bench.cost().since(before);
        var granted = ends.stream()
                .filter(End::granted)
                .mapToLong(End::nanos)
                .sorted()
                .toArray();
        var refused = ends.stream()
                .filter(end -> !end.granted())
                .mapToLong(End::nanos)
                .sorted()
                .toArray();
        nodes.forEach(Taker::close);
        return new double[] {
            granted.length / (double) length.toSeconds(),
            Math.max(0, Bench.quantile(granted, 0.99) - DEADLINE.toNanos()) / 1e6,
            refused.length / (double) length.toSeconds(),
            Bench.quantile(refused, 0.5) / 1e6,
            Bench.quantile(refused, 0.99) / 1e6,
            cost.commands() / (double) arrivals
        };
    }
}
