// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.benchmark;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.AsyncBucketProxy;
import io.github.bucket4j.distributed.proxy.AsyncProxyManager;
import io.github.bucket4j.distributed.proxy.optimization.Optimization;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;

/** Bucket4j over Lettuce, with the given optimization; waits by its own scheduler. */
record Bucket4jContender(String name, Optimization optimization) implements Contender {
    @Override
    public Taker open(RedisURI redis, String key, long perSecond, long skewMillis) {
        var client = RedisClient.create(Spillway.RESOURCES, redis);
        var proxies = proxies(client, skewMillis);
        return new Node(client, bucket(proxies, key, perSecond), Executors.newSingleThreadScheduledExecutor());
    }

    @Override
    public Pages openPages(RedisURI redis, String prefix, long perSecond) {
        var client = RedisClient.create(Spillway.RESOURCES, redis);
        var proxies = proxies(client, 0);
        return new Pages() {
            @Override
            public CompletionStage<Boolean> tryTake(int page) {
                return bucket(proxies, prefix + "-" + page, perSecond)
                        .tryConsume(1)
                        .exceptionally(failure -> false);
            }

            @Override
            public void close() {
                client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
            }
        };
    }

    private static AsyncProxyManager<byte[]> proxies(RedisClient client, long skewMillis) {
        return Bucket4jLettuce.casBasedBuilder(client)
                .clientClock(new Skewed(skewMillis))
                .build()
                .asAsync();
    }

    private AsyncBucketProxy bucket(AsyncProxyManager<byte[]> proxies, String key, long perSecond) {
        var configuration = BucketConfiguration.builder()
                .addLimit(Bandwidth.builder()
                        .capacity(perSecond)
                        .refillGreedy(perSecond, Duration.ofSeconds(1))
                        .build())
                .build();
        return proxies.builder()
                .withOptimization(optimization)
                .build(
                        key.getBytes(StandardCharsets.UTF_8),
                        () -> java.util.concurrent.CompletableFuture.completedFuture(configuration));
    }

    private record Node(RedisClient client, AsyncBucketProxy bucket, ScheduledExecutorService timer) implements Taker {
        @Override
        public CompletionStage<Boolean> tryTake() {
            return bucket.tryConsume(1).exceptionally(failure -> false);
        }

        @Override
        public CompletionStage<BooleanSupplier> take() {
            return bucket.asScheduler().consume(1, timer).handle((done, failure) -> () -> failure == null);
        }

        @Override
        public CompletionStage<Boolean> take(Duration maxWait) {
            return bucket.asScheduler().tryConsume(1, maxWait, timer).exceptionally(failure -> false);
        }

        @Override
        public void close() {
            timer.shutdownNow();
            client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        }
    }

    /** A node's wall clock that is wrong. */
    private record Skewed(long millis) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return (System.currentTimeMillis() + millis) * 1_000_000;
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
