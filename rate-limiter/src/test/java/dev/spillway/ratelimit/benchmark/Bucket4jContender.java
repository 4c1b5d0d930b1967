// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.benchmark;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.AsyncBucketProxy;
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
        var proxies = Bucket4jLettuce.casBasedBuilder(client)
                .clientClock(new Skewed(skewMillis))
                .build()
                .asAsync();
        var configuration = BucketConfiguration.builder()
                .addLimit(Bandwidth.builder()
                        .capacity(perSecond)
                        .refillGreedy(perSecond, Duration.ofSeconds(1))
                        .build())
                .build();
        var bucket = proxies.builder()
                .withOptimization(optimization)
                .build(
                        key.getBytes(StandardCharsets.UTF_8),
                        () -> java.util.concurrent.CompletableFuture.completedFuture(configuration));
        return new Node(client, bucket, Executors.newSingleThreadScheduledExecutor());
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
