// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import dev.spillway.gateway.config.Settings;
import dev.spillway.gateway.stream.HeldPartitions;
import dev.spillway.gateway.stream.Intake;
import dev.spillway.gateway.stream.RedisStore;
import dev.spillway.gateway.stream.RegisterRow;
import dev.spillway.gateway.stream.SubscriptionMetrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Runs the bots of this process: for each, a subscription, the partitions it holds here, and what is in work in them.
 *
 * <p>Threads: owned by the context it was started on; bots run on virtual threads.
 */
public final class Worker {
    private static final long REPLIES_WAITING_MAX = 10_000;

    /** A bot, its subscription's name, which events it wants and how, and what its subscription is when it is made. */
    public record Registration(
            String name,
            Bot bot,
            EventFilter filter,
            Duration coalesce,
            Settings.Start start,
            Settings.OnFull onFull) {}

    private final Vertx vertx;
    private final RedisStore store;
    private final RedisStore.Consumer consumer;
    private final Settings settings;
    private final WorkerMetrics metrics;
    private final SubscriptionMetrics subscriptions;
    private final BotRunner runner;
    private final SuspectTurn suspectTurn = new SuspectTurn();
    private final List<BotSeat> seats = new CopyOnWriteArrayList<>();

    private Worker(
            Vertx vertx, RedisStore store, RedisStore.Consumer consumer, Settings settings, MeterRegistry registry) {
        this.vertx = vertx;
        this.store = store;
        this.consumer = consumer;
        this.settings = settings;
        this.metrics = new WorkerMetrics(registry);
        this.subscriptions = new SubscriptionMetrics(registry);
        this.runner = new BotRunner(
                vertx,
                consumer.context(),
                settings.worker().concurrency(),
                settings.worker().timeLimit());
        Gauge.builder("spillway.worker.leases", seats, all -> all.stream()
                        .mapToInt(BotSeat::held)
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
                    .onSuccess(ignored -> consumer.watch(worker.subscriptions, worker::tells, worker::told))
                    .map(worker);
        });
    }

    /** Takes nothing new, commits what is in work, gives the partitions back. */
    public Future<Void> drain() {
        Promise<Void> drained = Promise.promise();
        consumer.context().runOnContext(ignored -> Future.join(
                        seats.stream().map(BotSeat::drain).toList())
                .onComplete(ended -> {
                    consumer.stop();
                    drained.complete();
                }));
        return drained.future();
    }

    private Future<Void> register(Registration bot) {
        return store.subscriptions()
                .register(bot.name(), bot.start(), bot.onFull())
                .map(row -> {
                    subscriptions.known(bot.name());
                    var seat = new BotSeat(
                            bot.name(),
                            of -> holder(bot, of),
                            (of, held) -> consumer.leases(of.subscription(), held, subscriptions));
                    seats.add(seat);
                    seat.told(row);
                    return null;
                });
    }

    private void told(List<RegisterRow> rows) {
        for (var seat : seats) {
            seat.told(rows.stream()
                    .filter(row -> row.subscription().name().equals(seat.name()))
                    .findFirst()
                    .orElse(null));
        }
    }

    // One process at least, whichever bots it has; mostly one.
    private boolean tells() {
        return seats.stream().anyMatch(BotSeat::holdsFirst);
    }

    private HeldPartitions holder(Registration bot, RegisterRow row) {
        var parts = parts(bot, row);
        return new HeldPartitions(
                tenure -> new PartitionWorker(parts, tenure), settings.drain().work());
    }

    private WorkerParts parts(Registration bot, RegisterRow row) {
        var stream = settings.stream();
        return new WorkerParts(
                vertx,
                consumer,
                row.subscription(),
                row.replay(),
                bot.bot(),
                bot.filter(),
                runner,
                suspectTurn,
                new Intake.Window(stream.windowEventsMax(), stream.windowBytesMax()),
                new BotSettings(
                        settings.worker().attemptsMax(),
                        settings.worker().retryFor(),
                        bot.coalesce(),
                        REPLIES_WAITING_MAX,
                        stream.asideBytesMax()),
                metrics,
                InstantSource.system(),
                System::nanoTime);
    }
}
