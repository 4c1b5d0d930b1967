// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.benchmark;

import dev.spillway.ratelimit.Windows;
import dev.spillway.ratelimit.benchmark.Contender.Taker;
import dev.spillway.ratelimit.redis.EmbeddedRedis;
import io.github.bucket4j.distributed.proxy.optimization.DelayParameters;
import io.github.bucket4j.distributed.proxy.optimization.Optimization;
import io.github.bucket4j.distributed.proxy.optimization.Optimizations;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

/**
 * Runs the contenders side by side on one Redis, in interleaved rounds, and prints Markdown.
 *
 * <p>S1: one hot key whose limit never binds, 64 callers on one node. S2: 300 a second, 8 nodes with 40 callers each, all
 * backlogged. S6: S2 with the clocks of two nodes wrong by 2 s. S8: the caller's time while Redis is frozen (ours only).
 */
public final class LimiterBenchmark {
    private static final int CALLERS = 64;
    private static final int NODES = 8;
    private static final int CALLERS_PER_NODE = 40;
    private static final long LIMIT = 300;

    private final EmbeddedRedis redis;
    private final RedisCommands<String, String> commands;
    private final Duration round;
    private final int rounds;
    private final AtomicInteger keys = new AtomicInteger();

    private LimiterBenchmark(EmbeddedRedis redis, RedisCommands<String, String> commands, Duration round, int rounds) {
        this.redis = redis;
        this.commands = commands;
        this.round = round;
        this.rounds = rounds;
    }

    /** Arguments: seconds per round and number of rounds; 2 and 5 if not given. */
    public static void main(String[] args) {
        var round = Duration.ofSeconds(args.length > 0 ? Long.parseLong(args[0]) : 2);
        var rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        try (var redis = EmbeddedRedis.start()) {
            var client = RedisClient.create(redis.uri());
            var benchmark = new LimiterBenchmark(redis, client.connect().sync(), round, rounds);
            benchmark.run();
            client.shutdown();
        }
        Spillway.RESOURCES.shutdown().syncUninterruptibly();
        System.exit(0); // contenders keep threads of their own
    }

    private void run() {
        print(
                "%s, %d processors, JDK %s, load before %.1f, %d rounds of %d s",
                LocalDate.now(java.time.ZoneOffset.UTC),
                Runtime.getRuntime().availableProcessors(),
                Runtime.version().feature(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                rounds,
                round.toSeconds());
        capacity();
        accuracy("S2: 300/s, 8 backlogged nodes", 0);
        accuracy("S6: S2 with two clocks 2 s wrong", 2_000);
        frozen();
    }

    private static List<Contender> contenders() {
        return List.of(
                new Spillway("Spillway HARD", true, true),
                new Spillway("Spillway NOMINAL", false, true),
                new Bucket4jContender("Bucket4j plain", Optimization.NONE_OPTIMIZED),
                new Bucket4jContender("Bucket4j batching", Optimizations.batching()),
                new Bucket4jContender("Bucket4j delaying 15", delaying(15)),
                new RedissonContender("Redisson"));
    }

    private static Optimization delaying(int tokens) {
        return Optimizations.delaying(new DelayParameters(tokens, Duration.ofMillis(50)));
    }

    private void capacity() {
        var all = new ArrayList<>(contenders());
        all.add(2, new Spillway("Spillway, leases off", true, false));
        all.add(new Bucket4jContender("Bucket4j delaying 60", delaying(60)));
        print("%n### S1: one hot key, limit not binding, 64 callers%n");
        print("| contender | decisions/s | spread | p50 us | p99 us | commands per decision | Redis CPU us per"
                + " decision |");
        print("|---|---|---|---|---|---|---|");
        var samples = new LinkedHashMap<String, List<double[]>>();
        for (int r = 0; r < rounds; r++) {
            for (var contender : all) {
                samples.computeIfAbsent(contender.name(), name -> new ArrayList<>())
                        .add(capacityOf(contender));
            }
        }
        samples.forEach((name, figures) -> print(
                "| %s | %,.0f | %,.0f..%,.0f | %.1f | %.1f | %.4f | %.3f |",
                name,
                median(figures, 0),
                least(figures, 0),
                most(figures, 0),
                median(figures, 1),
                median(figures, 2),
                median(figures, 3),
                median(figures, 4)));
    }

    private double[] capacityOf(Contender contender) {
        commands.flushall();
        try (var node = contender.open(redis.uri(), "s1-" + keys.incrementAndGet(), 10_000_000, 0)) {
            work(node, Duration.ofMillis(500)); // warm-up
            var before = RedisCost.now(commands);
            var latencies = work(node, round);
            var cost = RedisCost.now(commands).since(before);
            var done = latencies.length;
            Arrays.sort(latencies);
            return new double[] {
                done / (double) round.toSeconds(),
                latencies[done / 2] / 1e3,
                latencies[(int) (done * 0.99)] / 1e3,
                cost.commands() / (double) done,
                cost.cpuSeconds() * 1e6 / done
            };
        }
    }

    /** Latencies of all allowed decisions, in nanoseconds. */
    private static long[] work(Taker node, Duration time) {
        var until = System.nanoTime() + time.toNanos();
        var results = new ArrayList<LongStream.Builder>();
        var callers = new ArrayList<Thread>();
        for (int i = 0; i < CALLERS; i++) {
            var latencies = LongStream.builder();
            results.add(latencies);
            callers.add(Thread.ofVirtual().start(() -> {
                var began = System.nanoTime();
                while (began - until < 0) {
                    var allowed = node.tryTake().toCompletableFuture().join();
                    var ended = System.nanoTime();
                    if (allowed) {
                        latencies.add(ended - began);
                    }
                    began = ended;
                }
            }));
        }
        callers.forEach(LimiterBenchmark::join);
        return results.stream().flatMapToLong(LongStream.Builder::build).toArray();
    }

    private void accuracy(String title, long skewMillis) {
        print("%n### %s%n", title);
        print("| contender | uses/s (median) | worst 1 s window of all rounds | commands per use | Redis CPU us per"
                + " use | Jain |");
        print("|---|---|---|---|---|---|");
        var samples = new LinkedHashMap<String, List<double[]>>();
        var repeats = skewMillis == 0 ? rounds : 2;
        for (int r = 0; r < repeats; r++) {
            for (var contender : contenders()) {
                samples.computeIfAbsent(contender.name(), name -> new ArrayList<>())
                        .add(accuracyOf(contender, skewMillis));
            }
        }
        samples.forEach((name, figures) -> print(
                "| %s | %.1f | %.0f | %.3f | %.1f | %.4f |",
                name,
                median(figures, 0),
                most(figures, 1),
                median(figures, 2),
                median(figures, 3),
                median(figures, 4)));
    }

    private double[] accuracyOf(Contender contender, long skewMillis) {
        commands.flushall();
        var key = "s2-" + keys.incrementAndGet();
        var nodes = new ArrayList<Taker>();
        for (int n = 0; n < NODES; n++) {
            var skew = n == 0 ? skewMillis : n == 1 ? -skewMillis : 0;
            nodes.add(contender.open(redis.uri(), key, LIMIT, skew));
        }
        var length = round.multipliedBy(3);
        var before = RedisCost.now(commands);
        var began = System.nanoTime();
        var uses = new ArrayList<List<Long>>();
        var callers = new ArrayList<Thread>();
        for (var node : nodes) {
            for (int c = 0; c < CALLERS_PER_NODE; c++) {
                var mine = new ArrayList<Long>();
                uses.add(mine);
                callers.add(Thread.ofVirtual().start(() -> {
                    while (System.nanoTime() - began < length.toNanos()) {
                        var use = node.take().toCompletableFuture().join();
                        var now = System.nanoTime();
                        if (use.getAsBoolean()) { // the check comes right before the bytes would leave
                            mine.add(now);
                        }
                    }
                }));
            }
        }
        callers.forEach(thread -> joinFor(thread, length.plusSeconds(5)));
        var cost = RedisCost.now(commands).since(before);
        nodes.forEach(Taker::close);
        var all = uses.stream().flatMap(mine -> List.copyOf(mine).stream()).toList();
        return new double[] {
            all.stream().filter(use -> use - began < length.toNanos()).count() / (double) length.toSeconds(),
            Windows.worst(all, Duration.ofSeconds(1).toNanos()),
            cost.commands() / (double) Math.max(1, all.size()),
            cost.cpuSeconds() * 1e6 / Math.max(1, all.size()),
            jain(uses)
        };
    }

    /** Of the nodes' shares: callers stand in the order of their nodes. */
    private static double jain(List<List<Long>> uses) {
        var perNode = new double[NODES];
        for (int caller = 0; caller < uses.size(); caller++) {
            perNode[caller * NODES / uses.size()] += uses.get(caller).size();
        }
        var sum = Arrays.stream(perNode).sum();
        return sum
                * sum
                / (NODES * Arrays.stream(perNode).map(share -> share * share).sum());
    }

    /** How long callers are held while Redis is frozen, and that they go on. */
    private void frozen() {
        print("%n### S8: Redis frozen for 5 s, Spillway HARD at 300/s on one node of one, 8 callers%n");
        commands.flushall();
        try (var node = new Spillway("Spillway HARD", true, true).open(redis.uri(), "s8", LIMIT, 0)) {
            work(node, Duration.ofSeconds(2));
            redis.signal("STOP");
            var latencies = work(node, Duration.ofSeconds(5));
            redis.signal("CONT");
            print("uses in 5 s: %d (the safe share is half of 283.5/s)", latencies.length);
            var after = work(node, Duration.ofSeconds(3));
            print("uses in the 3 s after: %d", after.length);
        }
    }

    private static double median(List<double[]> figures, int column) {
        var sorted = figures.stream().mapToDouble(row -> row[column]).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static double least(List<double[]> figures, int column) {
        return figures.stream().mapToDouble(row -> row[column]).min().orElse(Double.NaN);
    }

    private static double most(List<double[]> figures, int column) {
        return figures.stream().mapToDouble(row -> row[column]).max().orElse(Double.NaN);
    }

    private static void join(Thread thread) {
        joinFor(thread, Duration.ofMinutes(1));
    }

    private static void joinFor(Thread thread, Duration most) {
        try {
            thread.join(most);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("AnnotateFormatMethod")
    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
