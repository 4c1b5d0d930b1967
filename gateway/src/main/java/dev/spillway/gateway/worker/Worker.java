// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import dev.spillway.gateway.config.Settings;
import dev.spillway.gateway.stream.HeldPartitions;
import dev.spillway.gateway.stream.Intake;
import dev.spillway.gateway.stream.LeaseKeeper;
import dev.spillway.gateway.stream.RedisStore;
import dev.spillway.gateway.stream.StreamGroup;
import dev.spillway.gateway.stream.Subscription;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the bots of this process: for each, a subscription, the partitions it holds here, and what is in work in them.
 *
 * <p>Threads: owned by the context it was started on; bots run on virtual threads.
 */
public final class Worker {
    private static final long REPLIES_WAITING_MAX = 10_000;

    /** A bot, its subscription's name, and which events it wants. */
    public record Registration(String name, Bot bot, EventFilter filter) {}

    private final Vertx vertx;
    private final RedisStore store;
    private final RedisStore.Consumer consumer;
    private final Settings settings;
    private final WorkerMetrics metrics;
    private final BotRunner runner;
    private final SuspectTurn suspectTurn = new SuspectTurn();
    private final List<LeaseKeeper> keepers = new ArrayList<>();

    private Worker(
            Vertx vertx, RedisStore store, RedisStore.Consumer consumer, Settings settings, MeterRegistry registry) {
        this.vertx = vertx;
        this.store = store;
        this.consumer = consumer;
        this.settings = settings;
        this.metrics = new WorkerMetrics(registry);
        this.runner = new BotRunner(
                vertx,
                consumer.context(),
                settings.worker().concurrency(),
                settings.worker().timeLimit());
        Gauge.builder("spillway.worker.leases", keepers, all -> all.stream()
                        .mapToInt(LeaseKeeper::held)
                        .sum())
                .description("Partitions held, over all subscriptions.")
                .register(registry);
        Gauge.builder("spillway.worker.overdue", runner, BotRunner::overdue)
                .description("Bot runs that outlasted their time and have not ended.")
                .register(registry);
    }

    /** Registers the bots and starts to take partitions. Call on the context that is to own it. */
    public static Future<Worker> start(
            Vertx vertx, RedisStore store, Settings settings, MeterRegistry registry, List<Registration> bots) {
        return store.consumer("worker").compose(consumer -> {
            var worker = new Worker(vertx, store, consumer, settings, registry);
            return store.subscriptions()
                    .dispatch()
                    .compose(ignored ->
                            Future.all(bots.stream().map(worker::register).toList()))
                    .map(worker);
        });
    }

    /** Takes nothing new, commits what is in work, gives the partitions back. */
    public Future<Void> drain() {
        Promise<Void> drained = Promise.promise();
        consumer.context().runOnContext(ignored -> Future.join(
                        keepers.stream().map(LeaseKeeper::drain).toList())
                .onComplete(ended -> {
                    consumer.stop();
                    drained.complete();
                }));
        return drained.future();
    }

    private Future<Void> register(Registration bot) {
        return store.subscriptions().register(bot.name()).map(subscription -> {
            var group = StreamGroup.of(subscription);
            var parts = parts(bot, subscription);
            var holder = new HeldPartitions(
                    tenure -> new PartitionWorker(parts, tenure),
                    settings.drain().work());
            var keeper = consumer.leases(group, holder);
            keepers.add(keeper);
            keeper.start();
            return null;
        });
    }

    private WorkerParts parts(Registration bot, Subscription subscription) {
        var stream = settings.stream();
        return new WorkerParts(
                vertx,
                consumer,
                subscription,
                bot.bot(),
                bot.filter(),
                runner,
                suspectTurn,
                new Intake.Window(stream.windowEventsMax(), stream.windowBytesMax()),
                new BotSettings(
                        settings.worker().attemptsMax(), settings.worker().retryFor(), REPLIES_WAITING_MAX),
                metrics,
                InstantSource.system(),
                System::nanoTime);
    }
}
