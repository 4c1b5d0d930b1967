// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.benchmark;

import static dev.spillway.ratelimit.benchmark.Bench.print;

import dev.spillway.ratelimit.benchmark.Contender.Taker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * S7: work that pays a class, a page and a day. Ours is one decision; the others ask for one after the other, and what the first
 * gave when a later one refuses is a partial debit.
 */
record SeveralLimits(Bench bench) {
    private static final int NODES = 4;
    private static final int CALLERS = 16;

    void run() {
        print("%n### S7: class 300/s, page 40/s and day 1,000,000 on one piece of work, %d nodes%n", NODES);
        print("| contender | uses/s | commands per use | Redis CPU us per use | partial debits per use |");
        print("|---|---|---|---|---|");
        Samples.of(Math.min(3, bench.rounds()), Bench.libraries(), this::of)
                .print((name, figures) -> print(
                        "| %s | %.1f | %.2f | %.0f | %.2f |",
                        name, figures.median(0), figures.median(1), figures.median(2), figures.median(3)));
    }

    private double[] of(Contender contender) {
        var key = bench.fresh("s7");
        var nodes = new ArrayList<List<Taker>>();
        for (int n = 0; n < NODES; n++) {
            nodes.add(contender.openSeveral(bench.uri(), key, 300, 40, 1_000_000));
        }
        var uses = new AtomicLong();
        var partial = new AtomicLong();
        var length = bench.round().multipliedBy(2);
        var until = System.nanoTime() + length.toNanos();
        var before = bench.cost();
        Bench.callers(CALLERS, length, caller -> {
            var given = 0;
            var limits = nodes.get(caller % NODES);
            for (var limit : limits) {
                if (!limit.tryTake().toCompletableFuture().join()) {
                    break;
                }
                given++;
            }
            if (System.nanoTime() - until >= 0) {
                return;
            }
            if (given == limits.size()) {
                uses.incrementAndGet();
            } else {
                partial.addAndGet(given);
                Accuracy.idle(java.time.Duration.ofMillis(5)); // refused: asks again soon
            }
        });
        var cost = bench.cost().since(before);
        nodes.forEach(limits -> limits.forEach(Taker::close));
        var used = Math.max(1, uses.get());
        return new double[] {
            uses.get() / (double) length.toSeconds(),
            cost.commands() / (double) used,
            cost.cpuSeconds() * 1e6 / used,
            partial.get() / (double) used
        };
    }
}
