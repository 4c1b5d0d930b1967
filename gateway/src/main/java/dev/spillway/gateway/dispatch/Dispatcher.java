// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dispatch;

import dev.spillway.gateway.async.Timers;
import dev.spillway.gateway.config.Settings;
import dev.spillway.gateway.graph.GraphClient;
import dev.spillway.gateway.stream.HeldPartitions;
import dev.spillway.gateway.stream.Intake;
import dev.spillway.gateway.stream.LeaseKeeper;
import dev.spillway.gateway.stream.RedisStore;
import dev.spillway.ratelimit.BreakerSettings;
import dev.spillway.ratelimit.CircuitBreakerCoordinator;
import dev.spillway.ratelimit.NodeRateLimiter;
import dev.spillway.ratelimit.NodeSettings;
import dev.spillway.ratelimit.RateLimiter;
import dev.spillway.ratelimit.SharedCircuitBreakers;
import dev.spillway.ratelimit.redis.RedisBreakerStore;
import dev.spillway.ratelimit.redis.RedisLeaseStore;
import io.lettuce.core.RedisException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Sends the replies of the partitions that this process holds. Threads: owned by the context it was started on. */
public final class Dispatcher {
    private final RedisStore.Consumer consumer;
    private final LeaseKeeper keeper;
    private final Limits limits;

    /** The shared limiter and breakers, with connections of their own. */
    private record Limits(
            RateLimiter limiter, RedisLeaseStore store, CircuitBreakerCoordinator breakers, RedisBreakerStore votes) {
        void close() {
            limiter.close();
            store.close();
            breakers.close();
            votes.close();
        }
    }

    /** How many processes could vote on a breaker: known once we are one of them. */
    private static final class Voters implements IntSupplier {
        private volatile @Nullable LeaseKeeper keeper;

        @Override
        public int getAsInt() {
            var known = keeper;
            return known == null ? 1 : known.members();
        }
    }

    private Dispatcher(RedisStore.Consumer consumer, LeaseKeeper keeper, Limits limits) {
        this.consumer = consumer;
        this.keeper = keeper;
        this.limits = limits;
    }

    /** Starts to take partitions. Call on the context that is to own it. */
    public static Future<Dispatcher> start(
            Vertx vertx, RedisStore store, Settings settings, GraphClient graph, MeterRegistry registry) {
        var timers = new Timers(vertx, vertx.getOrCreateContext());
        var voters = new Voters();
        return timers.until(
                        () -> vertx.executeBlocking(() -> limits(store, settings, registry, voters)),
                        RedisException.class::isInstance)
                .compose(limits -> store.consumer("dispatch")
                        .compose(consumer -> store.subscriptions().dispatch().map(ignored -> {
                            var parts = parts(vertx, settings, graph, registry, consumer, limits);
                            var holder = new HeldPartitions(
                                    tenure -> new PartitionDispatcher(parts, tenure),
                                    settings.drain().sends());
                            var keeper = consumer.replyLeases(holder);
                            Gauge.builder("spillway.dispatch.leases", keeper, LeaseKeeper::held)
                                    .description("Partitions held whose replies this process sends.")
                                    .register(registry);
                            voters.keeper = keeper;
                            keeper.start();
                            return new Dispatcher(consumer, keeper, limits);
                        })));
    }

    private static Limits limits(RedisStore store, Settings settings, MeterRegistry registry, IntSupplier voters) {
        var policy = PageLimits.policy(settings.limits());
        var standard = dev.spillway.ratelimit.redis.Settings.DEFAULT;
        var leases = store.alsoOn((resources, access) -> access.cluster()
                ? RedisLeaseStore.connectCluster(resources, access.uris(), standard, access.ssl())
                : RedisLeaseStore.connect(resources, access.uris().getFirst(), standard, access.ssl()));
        try {
            var votes = store.alsoOn((resources, access) -> access.cluster()
                    ? RedisBreakerStore.connectCluster(resources, access.uris(), standard, access.ssl())
                    : RedisBreakerStore.connect(resources, access.uris().getFirst(), standard, access.ssl()));
            try {
                return new Limits(
                        NodeRateLimiter.start(leases, scope -> policy, NodeSettings.DEFAULT, registry),
                        leases,
                        SharedCircuitBreakers.start(votes, breakers(settings), voters),
                        votes);
            } catch (RuntimeException failed) {
                votes.close();
                throw failed;
            }
        } catch (RuntimeException failed) {
            leases.close();
            throw failed;
        }
    }

    // A send may take as long as it may; a call that ends in time is not slow.
    private static BreakerSettings breakers(Settings settings) {
        var standard = BreakerSettings.DEFAULT;
        var longest = settings.dispatch().sendTimeout();
        return new BreakerSettings(
                standard.window(),
                standard.callsMin(),
                standard.failurePercent(),
                standard.failuresInRow(),
                longest,
                longest.plusSeconds(1),
                standard.breakersMax());
    }

    private static DispatchParts parts(
            Vertx vertx,
            Settings settings,
            GraphClient graph,
            MeterRegistry registry,
            RedisStore.Consumer consumer,
            Limits limits) {
        var stream = settings.stream();
        var slots = new Slots(settings.dispatch().connectionsMax());
        Gauge.builder("spillway.dispatch.inflight", slots, Slots::taken)
                .description("Sends under way; the bound is dispatch.connections-max.")
                .register(registry);
        var lead = new Lead();
        var pace = new Guarded(
                new PageLimits(consumer.context(), limits.limiter(), slots, lead),
                limits.breakers(),
                settings.graph().baseUrl().getHost(),
                System::nanoTime,
                registry);
        var confirmed = new Confirmed(new Timers(vertx, consumer.context()), consumer.store(), System::nanoTime);
        consumer.onAnother(confirmed::tellAll);
        return new DispatchParts(
                vertx,
                consumer,
                graph,
                pace,
                lead,
                confirmed,
                new Intake.Window(stream.windowEventsMax(), stream.windowBytesMax()),
                settings.dispatch().doubtWait(),
                new DispatchMetrics(registry),
                new Alerts(System::nanoTime),
                InstantSource.system(),
                System::nanoTime);
    }

    /** Starts no new send, settles what is on its way, gives the partitions back. */
    public Future<Void> drain() {
        Promise<Void> drained = Promise.promise();
        consumer.context().runOnContext(ignored -> keeper.drain().onComplete(ended -> {
            consumer.stop();
            limits.close();
            drained.complete();
        }));
        return drained.future();
    }
}
