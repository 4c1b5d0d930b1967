// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.benchmark;

import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.redisson.Redisson;
import org.redisson.api.RRateLimiter;
import org.redisson.api.RateType;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** Redisson's RRateLimiter; it reads this machine's clock, which cannot be skewed per node in one JVM. */
record RedissonContender(String name) implements Contender {
    @Override
    public Taker open(RedisURI redis, String key, long perSecond, long skewMillis) {
        var client = client(redis);
        return new Node(client, limiter(client, key, perSecond));
    }

    @Override
    public Pages openPages(RedisURI redis, String prefix, long perSecond) {
        var client = client(redis);
        var pages = new ConcurrentHashMap<Integer, RRateLimiter>();
        return new Pages() {
            @Override
            public CompletionStage<Boolean> tryTake(int page) {
                return pages.computeIfAbsent(page, some -> limiter(client, prefix + "-" + some, perSecond))
                        .tryAcquireAsync()
                        .exceptionally(failure -> false);
            }

            @Override
            public void close() {
                client.shutdown();
            }
        };
    }

    private static RRateLimiter limiter(RedissonClient client, String key, long perSecond) {
        var limiter = client.getRateLimiter(key);
        limiter.trySetRate(RateType.OVERALL, perSecond, Duration.ofSeconds(1));
        return limiter;
    }

    private static RedissonClient client(RedisURI redis) {
        var config = new Config();
        config.setThreads(2).setNettyThreads(2);
        config.useSingleServer()
                .setAddress("redis://" + redis.getHost() + ":" + redis.getPort())
                .setConnectionMinimumIdleSize(2)
                .setConnectionPoolSize(2);
        return Redisson.create(config);
    }

    private record Node(RedissonClient client, RRateLimiter limiter) implements Taker {
        @Override
        public CompletionStage<Boolean> tryTake() {
            return limiter.tryAcquireAsync().exceptionally(failure -> false);
        }

        @Override
        public CompletionStage<BooleanSupplier> take() {
            return limiter.acquireAsync().handle((done, failure) -> () -> failure == null);
        }

        @Override
        public CompletionStage<Boolean> take(Duration maxWait) {
            return limiter.tryAcquireAsync(maxWait).exceptionally(failure -> false);
        }

        @Override
        public void close() {
            client.shutdown();
        }
    }
}
