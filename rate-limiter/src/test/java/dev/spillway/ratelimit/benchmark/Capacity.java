// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.benchmark;

import static dev.spillway.ratelimit.benchmark.Bench.print;

import dev.spillway.ratelimit.benchmark.Contender.Taker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** S1: one hot key whose limit never binds, 64 callers on one node. S8: Redis frozen (ours only). */
record Capacity(Bench bench) {
    private static final int CALLERS = 64;

    void hotKey() {
        var all = new ArrayList<>(Bench.contenders());
        all.add(2, new Spillway("Spillway, leases off", true, false));
        all.add(new Bucket4jContender("Bucket4j delaying 60", Bench.delaying(60)));
        print("%n### S1: one hot key, limit not binding, 64 callers%n");
        print("| contender | decisions/s | spread | p50 us | p99 us | commands per decision | Redis CPU us per decision"
                + " |");
        print("|---|---|---|---|---|---|---|");
        Samples.of(bench.rounds(), all, this::hotKeyOf)
                .print((name, figures) -> print(
                        "| %s | %,.0f | %,.0f..%,.0f | %.1f | %.1f | %.4f | %.3f |",
                        name,
                        figures.median(0),
                        figures.least(0),
                        figures.most(0),
                        figures.median(1),
                        figures.median(2),
                        figures.median(3),
                        figures.median(4)));
    }

    private double[] hotKeyOf(Contender contender) {
        try (var node = contender.open(bench.uri(), bench.fresh("s1"), 10_000_000, 0)) {
            work(node, Duration.ofMillis(500)); // warm-up
            var before = bench.cost();
            var latencies = work(node, bench.round());
            var cost = bench.cost().since(before);
            var done = latencies.length;
            return new double[] {
                done / (double) bench.round().toSeconds(),
                Bench.quantile(latencies, 0.5) / 1e3,
                Bench.quantile(latencies, 0.99) / 1e3,
                cost.commands() / (double) done,
                cost.cpuSeconds() * 1e6 / done
            };
        }
    }

    /** Latencies of all allowed decisions, in nanoseconds, sorted. */
    private static long[] work(Taker node, Duration time) {
        var results = new ArrayList<LongStream.Builder>();
        for (int i = 0; i < CALLERS; i++) {
            results.add(LongStream.builder());
        }
        Bench.callers(CALLERS, time, caller -> {
            var began = System.nanoTime();
            if (node.tryTake().toCompletableFuture().join()) {
                results.get(caller).add(System.nanoTime() - began);
            }
        });
        var all = results.stream().flatMapToLong(LongStream.Builder::build).toArray();
        Arrays.sort(all);
        return all;
    }

    void frozen() {
        print("%n### S8: Redis frozen for 5 s, Spillway HARD at 300/s on one node of one, 64 callers%n");
        try (var node = new Spillway("Spillway HARD", true, true).open(bench.uri(), bench.fresh("s8"), 300, 0)) {
            work(node, Duration.ofSeconds(2));
            bench.redis().signal("STOP");
            var tries = tryForFree(node, Duration.ofSeconds(5));
            bench.redis().signal("CONT");
            print("the caller is held while frozen: p50 %.1f us, p99 %.1f us", tries.get(0), tries.get(1));
            print("uses in 5 s: %.0f (the safe share is half of 283.5/s)", tries.get(2));
            var after = work(node, Duration.ofSeconds(3));
            print("uses in the 3 s after: %d", after.length);
        }
    }

    /** Never waits: how long the caller is held, and how many uses there were. */
    private static List<Double> tryForFree(Taker node, Duration time) {
        var held = new ArrayList<LongStream.Builder>();
        for (int i = 0; i < CALLERS; i++) {
            held.add(LongStream.builder());
        }
        var uses = new java.util.concurrent.atomic.AtomicLong();
        Bench.callers(CALLERS, time, caller -> {
            var began = System.nanoTime();
            var stage = node.tryTake().toCompletableFuture();
            held.get(caller).add(System.nanoTime() - began);
            if (stage.join()) {
                uses.incrementAndGet();
            }
        });
        var all =
                held.stream().flatMapToLong(LongStream.Builder::build).sorted().toArray();
        return List.of(Bench.quantile(all, 0.5) / 1e3, Bench.quantile(all, 0.99) / 1e3, (double) uses.get());
    }
}
