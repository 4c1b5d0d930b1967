// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.benchmark;

import dev.spillway.ratelimit.redis.EmbeddedRedis;
import io.github.bucket4j.distributed.proxy.optimization.DelayParameters;
import io.github.bucket4j.distributed.proxy.optimization.Optimization;
import io.github.bucket4j.distributed.proxy.optimization.Optimizations;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** What every scenario needs. */
record Bench(EmbeddedRedis redis, RedisCommands<String, String> commands, Duration round, int rounds) {
    private static final long LATE_NANOS = 1_000_000_000;
    private static final AtomicInteger KEYS = new AtomicInteger();

    static List<Contender> contenders() {
        return List.of(
                new Spillway("Spillway HARD", true, true),
                new Spillway("Spillway NOMINAL", false, true),
                new Bucket4jContender("Bucket4j plain", Optimization.NONE_OPTIMIZED),
                new Bucket4jContender("Bucket4j batching", Optimizations.batching()),
                new Bucket4jContender("Bucket4j delaying 15", delaying(15)),
                new RedissonContender("Redisson"));
    }

    /** One of each library. */
    static List<Contender> libraries() {
        var all = contenders();
        return List.of(all.get(0), all.get(2), all.get(5));
    }

    static Optimization delaying(int tokens) {
        return Optimizations.delaying(new DelayParameters(tokens, Duration.ofMillis(50)));
    }

    RedisURI uri() {
        return redis.uri();
    }

    /** An empty Redis and a name that was not used before. */
    String fresh(String name) {
        commands.flushall();
        return name + "-" + KEYS.incrementAndGet();
    }

    RedisCost cost() {
        return RedisCost.now(commands);
    }

    /** Virtual threads that repeat the work until the time has passed; who still waits a second later is left behind. */
    static void callers(int count, Duration time, Work work) {
        var until = System.nanoTime() + time.toNanos();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < count; i++) {
            var caller = i;
            threads.add(Thread.ofVirtual().start(() -> {
                while (System.nanoTime() - until < 0) {
                    work.once(caller);
                }
            }));
        }
        for (var thread : threads) {
            try {
                var left = until - System.nanoTime() + LATE_NANOS;
                thread.join(Duration.ofNanos(Math.max(1, left)));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** One round of a caller. */
    interface Work {
        void once(int caller);
    }

    /** The given part of sorted figures. */
    static double quantile(long[] sorted, double part) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.min(sorted.length - 1, sorted.length * part)];
    }

    static double jain(double[] shares) {
        var sum = Arrays.stream(shares).sum();
        return sum
                * sum
                / (shares.length
                        * Arrays.stream(shares).map(share -> share * share).sum());
    }

    @SuppressWarnings("AnnotateFormatMethod")
    static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
