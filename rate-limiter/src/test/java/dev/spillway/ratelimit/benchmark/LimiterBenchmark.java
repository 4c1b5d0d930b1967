// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.benchmark;

import static dev.spillway.ratelimit.benchmark.Bench.print;

import dev.spillway.ratelimit.benchmark.Accuracy.Scenario;
import dev.spillway.ratelimit.redis.EmbeddedRedis;
import io.lettuce.core.RedisClient;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs the contenders side by side on one Redis, in interleaved rounds; prints Markdown and draws S2. */
public final class LimiterBenchmark {
    private LimiterBenchmark() {}

    /**
     * Arguments: seconds per round (2), rounds (5), the scenarios that are wanted such as {@code S1,S7} or {@code all}, and a file
     * for the plot.
     */
    public static void main(String[] args) {
        var round = Duration.ofSeconds(args.length > 0 ? Long.parseLong(args[0]) : 2);
        var rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        var wanted = args.length > 2 && !args[2].equals("all") ? List.of(args[2].split(",", -1)) : List.of();
        var plot = Path.of(args.length > 3 ? args[3] : "target/limiter-windows.svg");
        try (var redis = EmbeddedRedis.start()) {
            var client = RedisClient.create(redis.uri());
            var bench = new Bench(redis, client.connect().sync(), round, rounds);
            introduce(bench);
            scenarios(bench, plot).forEach((name, scenario) -> {
                if (wanted.isEmpty() || wanted.contains(name)) {
                    scenario.run();
                }
            });
            print("%nload after: %.1f", load());
            client.shutdown();
        }
        Spillway.RESOURCES.shutdown().syncUninterruptibly();
        System.exit(0); // contenders keep threads of their own
    }

    private static void introduce(Bench bench) {
        print(
                "%s, %d processors, JDK %s, load before %.1f, %d rounds of %d s",
                LocalDate.now(java.time.ZoneOffset.UTC),
                Runtime.getRuntime().availableProcessors(),
                Runtime.version().feature(),
                load(),
                bench.rounds(),
                bench.round().toSeconds());
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static Map<String, Runnable> scenarios(Bench bench, Path plot) {
        var capacity = new Capacity(bench);
        var accuracy = new Accuracy(bench);
        var all = new LinkedHashMap<String, Runnable>();
        all.put("S1", capacity::hotKey);
        all.put("S2", () -> {
            accuracy.run(new Scenario("S2: 300/s, 8 backlogged nodes", 300, 0, Duration.ZERO, bench.rounds()));
            new WindowPlot(accuracy.uses, 300, bench.round().multipliedBy(3).toSeconds()).write(plot);
        });
        var idle = Duration.ofSeconds(2);
        all.put("S3", () -> accuracy.run(new Scenario("S3: S2 after idling for 2 s", 300, 0, idle, 2)));
        all.put("S4", () -> accuracy.run(new Scenario("S4: 10/s, 8 backlogged nodes", 10, 0, Duration.ZERO, 2)));
        all.put("S5", () -> new ManyPages(bench).run());
        all.put(
                "S6",
                () -> accuracy.run(new Scenario("S6: S2 with two clocks 2 s wrong", 300, 2_000, Duration.ZERO, 2)));
        all.put("S7", () -> new SeveralLimits(bench).run());
        all.put("S8", capacity::frozen);
        all.put("S9", () -> new Deadlines(bench).run());
        all.put("S10", () -> new Storm(bench).run());
        return all;
    }
}
