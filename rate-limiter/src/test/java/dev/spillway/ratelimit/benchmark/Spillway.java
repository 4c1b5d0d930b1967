// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.benchmark;

import dev.spillway.ratelimit.AcquireRequest;
import dev.spillway.ratelimit.Laws;
import dev.spillway.ratelimit.LeaseReply;
import dev.spillway.ratelimit.LeaseRequest;
import dev.spillway.ratelimit.Limit;
import dev.spillway.ratelimit.NodeRateLimiter;
import dev.spillway.ratelimit.NodeSettings;
import dev.spillway.ratelimit.Permit;
import dev.spillway.ratelimit.Policy;
import dev.spillway.ratelimit.Scope;
import dev.spillway.ratelimit.SendOutcome;
import dev.spillway.ratelimit.redis.RedisLeaseStore;
import dev.spillway.ratelimit.redis.Settings;
import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/** Ours, in three forms. */
record Spillway(String name, boolean hard, boolean leases) implements Contender {
    static final ClientResources RESOURCES =
            DefaultClientResources.builder().ioThreadPoolSize(2).build();
    private static final SendOutcome DELIVERED = new SendOutcome.Delivered();

    @Override
    public Taker open(RedisURI redis, String key, long perSecond, long skewMillis) {
        var limit = hard
                ? Limit.hard("hot", perSecond, Duration.ofSeconds(1))
                : Limit.nominal("hot", perSecond, Duration.ofSeconds(1));
        var policy = Policy.of(1, Map.of("work", List.of(limit)));
        return open(redis, key, policy);
    }

    private Taker open(RedisURI redis, String key, Policy policy) {
        var store = RedisLeaseStore.connect(RESOURCES, redis, Settings.DEFAULT);
        return leases ? new WithLeases(store, policy, new Scope(key)) : new OneByOne(store, policy, new Scope(key));
    }

    @Override
    public List<Taker> openSeveral(RedisURI redis, String key, long contentClass, long page, long day) {
        var second = Duration.ofSeconds(1);
        var limits = List.of(
                Limit.hard("class", contentClass, second),
                Limit.hard("page", page, second),
                Limit.quota("day", day, Duration.ofHours(24)));
        return List.of(open(redis, key, Policy.of(1, Map.of("work", limits))));
    }

    @Override
    public Pages openPages(RedisURI redis, String prefix, long perSecond) {
        var policy = Policy.of(1, Map.of("work", List.of(Limit.hard("page", perSecond, Duration.ofSeconds(1)))));
        var store = RedisLeaseStore.connect(RESOURCES, redis, Settings.DEFAULT);
        var limiter = NodeRateLimiter.start(store, any -> policy, NodeSettings.DEFAULT, new SimpleMeterRegistry());
        return new Pages() {
            @Override
            public CompletionStage<Boolean> tryTake(int page) {
                var scope = new Scope(prefix + "-" + page);
                return limiter.acquire(AcquireRequest.of(scope, "work", "c", Duration.ofSeconds(1)))
                        .handle((permit, refusal) -> permit != null && WithLeases.used(permit));
            }

            @Override
            public void close() {
                limiter.close();
                store.close();
            }
        };
    }

    /** As a user would call it. */
    private static final class WithLeases implements Taker {
        private final RedisLeaseStore store;
        private final NodeRateLimiter limiter;
        private final AcquireRequest request;

        WithLeases(RedisLeaseStore store, Policy policy, Scope scope) {
            this.store = store;
            this.limiter = NodeRateLimiter.start(store, any -> policy, NodeSettings.DEFAULT, new SimpleMeterRegistry());
            this.request = AcquireRequest.of(scope, "work", "c", Duration.ofSeconds(5));
        }

        @Override
        public CompletionStage<Boolean> tryTake() {
            return limiter.acquire(request).handle((permit, refusal) -> permit != null && used(permit));
        }

        @Override
        public CompletionStage<BooleanSupplier> take() {
            return limiter.acquire(request).handle((permit, refusal) -> () -> permit != null && used(permit));
        }

        @Override
        public CompletionStage<Boolean> take(Duration maxWait) {
            var within = AcquireRequest.of(request.scope(), "work", "c", maxWait);
            return limiter.acquire(within).handle((permit, refusal) -> permit != null && used(permit));
        }

        static boolean used(Permit permit) {
            var valid = permit.isValid();
            if (valid) {
                permit.complete(DELIVERED);
            } else {
                permit.release();
            }
            return valid;
        }

        @Override
        public void close() {
            limiter.close();
            store.close();
        }
    }

    /** The control that separates the script from the leases: one call per decision. */
    private record OneByOne(RedisLeaseStore store, LeaseRequest request) implements Taker {
        OneByOne(RedisLeaseStore store, Policy policy, Scope scope) {
            this(store, new LeaseRequest(scope, Laws.tariff(policy, "work"), 7, 1, 1, 0));
        }

        @Override
        public CompletionStage<Boolean> tryTake() {
            return store.acquire(request).handle((reply, failure) -> reply instanceof LeaseReply.Granted);
        }

        @Override
        public CompletionStage<BooleanSupplier> take() {
            return tryTake().thenApply(granted -> () -> granted);
        }

        @Override
        public CompletionStage<Boolean> take(Duration maxWait) {
            return tryTake(); // it has no line to wait in
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
