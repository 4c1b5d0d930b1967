// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.benchmark;

import static dev.spillway.ratelimit.benchmark.Bench.print;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

/** S5: many pages with a limit of their own, asked for by Zipf's law; what each costs. */
record ManyPages(Bench bench) {
    private static final int PAGES = 10_000;
    private static final int CALLERS = 32;
    private static final long PER_PAGE = 100_000;

    void run() {
        print(
                "%n### S5: %,d pages whose limits never bind, asked for by Zipf's law, %d callers on one node%n",
                PAGES, CALLERS);
        print("| contender | decisions/s | p50 us | p99 us | commands per decision | Redis CPU us per decision | pages"
                + " asked for | bytes in Redis per page |");
        print("|---|---|---|---|---|---|---|---|");
        Samples.of(Math.min(3, bench.rounds()), Bench.libraries(), this::of)
                .print((name, figures) -> print(
                        "| %s | %,.0f | %.0f | %.0f | %.3f | %.1f | %.0f | %.0f |",
                        name,
                        figures.median(0),
                        figures.median(1),
                        figures.median(2),
                        figures.median(3),
                        figures.median(4),
                        figures.median(5),
                        figures.median(6)));
    }

    private double[] of(Contender contender) {
        var prefix = bench.fresh("s5");
        var empty = memory();
        try (var node = contender.openPages(bench.uri(), prefix, PER_PAGE)) {
            var zipf = zipf();
            var length = bench.round().multipliedBy(2);
            var before = bench.cost();
            var results = new ArrayList<LongStream.Builder>();
            var randoms = new ArrayList<Random>();
            for (int i = 0; i < CALLERS; i++) {
                results.add(LongStream.builder());
                randoms.add(new Random(i));
            }
            var seen = new AtomicInteger[PAGES];
            Arrays.setAll(seen, page -> new AtomicInteger());
            Bench.callers(CALLERS, length, caller -> {
                var page = page(zipf, randoms.get(caller).nextDouble());
                seen[page].incrementAndGet();
                var began = System.nanoTime();
                if (node.tryTake(page).toCompletableFuture().join()) {
                    results.get(caller).add(System.nanoTime() - began);
                }
            });
            var cost = bench.cost().since(before);
            var all = results.stream()
                    .flatMapToLong(LongStream.Builder::build)
                    .sorted()
                    .toArray();
            var pages = Arrays.stream(seen).filter(count -> count.get() > 0).count();
            return new double[] {
                all.length / (double) length.toSeconds(),
                Bench.quantile(all, 0.5) / 1e3,
                Bench.quantile(all, 0.99) / 1e3,
                cost.commands() / (double) all.length,
                cost.cpuSeconds() * 1e6 / all.length,
                pages,
                (memory() - empty) / (double) pages
            };
        }
    }

    private long memory() {
        return bench.commands()
                .info("memory")
                .lines()
                .filter(line -> line.startsWith("used_memory_dataset:"))
                .mapToLong(line ->
                        Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst()
                .orElse(0);
    }

    /** Sums of 1/k. */
    private static double[] zipf() {
        var sums = new double[PAGES];
        var sum = 0.0;
        for (int k = 0; k < PAGES; k++) {
            sum += 1.0 / (k + 1);
            sums[k] = sum;
        }
        return sums;
    }

    private static int page(double[] sums, double random) {
        var at = Arrays.binarySearch(sums, random * sums[PAGES - 1]);
        return Math.min(PAGES - 1, at < 0 ? -at - 1 : at);
    }
}
