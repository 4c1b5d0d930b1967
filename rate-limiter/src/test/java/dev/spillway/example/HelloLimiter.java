// SPDX-License-Identifier: Apache-2.0
package dev.spillway.example;

import dev.spillway.ratelimit.*;
import dev.spillway.ratelimit.redis.*;
import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.ClientResources;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.*;

/** The example of docs/rate-limiter.md: ten greetings, at most three in a second, whoever else greets. */
public final class HelloLimiter {
    private HelloLimiter() {}

    /** Takes the address of a Redis. */
    public static void main(String[] args) {
        // tag::example
        var redis = RedisLeaseStore.connect(ClientResources.create(), RedisURI.create(args[0]), Settings.DEFAULT);
        var policy = Policy.of(1, Map.of("greeting", List.of(Limit.hard("greetings", 3, Duration.ofSeconds(1)))));
        var limiter = NodeRateLimiter.start(redis, scope -> policy, NodeSettings.DEFAULT, new SimpleMeterRegistry());
        for (int i = 1; i <= 10; i++) {
            var request = AcquireRequest.of(new Scope("world"), "greeting", "you", Duration.ofSeconds(5));
            var permit = limiter.acquire(request).toCompletableFuture().join();
            if (permit.isValid()) {
                System.out.println("Hello, " + i);
                permit.complete(new SendOutcome.Delivered());
            } else {
                permit.release();
            }
        }
        limiter.close();
        redis.close();
        // end::example
    }
}
