// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.benchmark;

import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
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
        var config = new Config();
        config.setThreads(2).setNettyThreads(2);
        config.useSingleServer()
                .setAddress("redis://" + redis.getHost() + ":" + redis.getPort())
                .setConnectionMinimumIdleSize(2)
                .setConnectionPoolSize(2);
        var client = Redisson.create(config);
        var limiter = client.getRateLimiter(key);
        limiter.trySetRate(RateType.OVERALL, perSecond, Duration.ofSeconds(1));
        return new Node(client, limiter);
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
        public void close() {
            client.shutdown();
        }
    }
}
