// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.benchmark;

import static dev.spillway.ratelimit.benchmark.Bench.print;

import dev.spillway.ratelimit.AcquireRequest;
import dev.spillway.ratelimit.Limit;
import dev.spillway.ratelimit.NodeRateLimiter;
import dev.spillway.ratelimit.NodeSettings;
import dev.spillway.ratelimit.Policy;
import dev.spillway.ratelimit.Scope;
import dev.spillway.ratelimit.SendOutcome;
import dev.spillway.ratelimit.redis.RedisLeaseStore;
import dev.spillway.ratelimit.redis.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** S10 (ours only): every call of 8 nodes at 10,000/s is throttled for 100 ms; then it is to be left alone for 2 s. */
record Storm(Bench bench) {
    private static final int NODES = 8;
    private static final Duration PAUSE = Duration.ofSeconds(2);

    void run() {
        var scope = new Scope(bench.fresh("s10"));
        var policy = Policy.of(1, Map.of("work", List.of(Limit.hard("hot", 10_000, Duration.ofSeconds(1)))));
        var stores = new ArrayList<RedisLeaseStore>();
        var nodes = new ArrayList<NodeRateLimiter>();
        for (int n = 0; n < NODES; n++) {
            var store = RedisLeaseStore.connect(Spillway.RESOURCES, bench.uri(), Settings.DEFAULT);
            stores.add(store);
            nodes.add(NodeRateLimiter.start(store, any -> policy, NodeSettings.DEFAULT, new SimpleMeterRegistry()));
        }
        var firstError = new AtomicLong();
        var errors = new AtomicLong();
        var began = System.nanoTime();
        var storm = began + Duration.ofSeconds(2).toNanos();
        var lastBeforePause = new AtomicLong();
        var probes = new AtomicLong();
        Bench.callers(NODES * 20, Duration.ofSeconds(4), caller -> {
            var request = AcquireRequest.of(scope, "work", "c", Duration.ofMillis(200));
            var permit = nodes.get(caller % NODES)
                    .acquire(request)
                    .exceptionally(refusal -> null)
                    .toCompletableFuture()
                    .join();
            var now = System.nanoTime();
            if (permit == null) {
                Accuracy.idle(Duration.ofMillis(20));
            } else if (!permit.isValid()) {
                permit.release();
            } else if (now - storm < 0) {
                permit.complete(new SendOutcome.Delivered());
            } else if (firstError.get() == 0 || now - firstError.get() < 100_000_000) {
                firstError.compareAndSet(0, now);
                errors.incrementAndGet();
                lastBeforePause.accumulateAndGet(now, Math::max);
                permit.complete(new SendOutcome.Throttled(PAUSE));
            } else {
                probes.incrementAndGet();
                permit.complete(new SendOutcome.Throttled(PAUSE)); // the probe finds it as bad as before
            }
        });
        print("%n### S10: throttle storm, 8 nodes at 10,000/s%n");
        print(
                "throttled calls: %d, the last %.1f ms after the first; later calls in 2 s: %d; decreases: %d; factor"
                        + " %.2f",
                errors.get(),
                (lastBeforePause.get() - firstError.get()) / 1e6,
                probes.get(),
                nodes.getFirst().snapshot(scope).epoch(),
                nodes.getFirst().snapshot(scope).factor());
        nodes.forEach(NodeRateLimiter::close);
        stores.forEach(RedisLeaseStore::close);
    }
}
