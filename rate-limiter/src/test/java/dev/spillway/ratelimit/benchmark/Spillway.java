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
        var store = RedisLeaseStore.connect(RESOURCES, redis, Settings.DEFAULT);
        return leases ? new WithLeases(store, policy, new Scope(key)) : new OneByOne(store, policy, new Scope(key));
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

        private static boolean used(Permit permit) {
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
        public void close() {
            store.close();
        }
    }
}
