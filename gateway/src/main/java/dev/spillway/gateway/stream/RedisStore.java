// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import dev.spillway.gateway.async.Timers;
import dev.spillway.gateway.config.Settings;
import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;

/**
 * Redis, as the stages use it: makes connections, checks that the server keeps what we promise, and lets go at the end.
 *
 * <p>Threads: may be called from any; what it makes belongs to the context it is made for.
 */
public final class RedisStore {
    /** The form of the data that this version reads and writes. */
    static final String FORMAT = "1";

    private final Vertx vertx;
    private final Settings settings;
    private final Partitions partitions;
    private final ClientResources resources;
    private final LoopClients clients;
    private final RedisURI uri;
    private final RedisLink control;
    private final Timers timers;
    private final List<RedisLink> links = new ArrayList<>();

    private RedisStore(Vertx vertx, Context context, Settings settings, RedisURI uri) {
        this.vertx = vertx;
        this.settings = settings;
        this.partitions = new Partitions(settings.partitions());
        this.resources = DefaultClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .build();
        this.uri = uri;
        this.clients = new LoopClients(resources);
        this.control = link(context, "control");
        this.timers = new Timers(vertx, context);
    }

    /**
     * Connects, and checks the server and the form of its data. Fails with {@link StoreRefused} on either; waits for a
     * server that is away.
     */
    public static Future<RedisStore> open(Vertx vertx, Settings settings, RedisURI uri) {
        var store = new RedisStore(vertx, vertx.getOrCreateContext(), settings, uri);
        return store.control
                .connect()
                .compose(ignored -> store.timers.until(store::check, StoreUnavailable.class::isInstance))
                .map(store)
                .onFailure(ignored -> store.close());
    }

    /**
     * Connects for a command, on data that is there. Fails with {@link StoreRefused} if there is none, or it is of
     * another form; waits for a server that is away.
     */
    public static Future<RedisStore> openForCommand(Vertx vertx, Settings settings, RedisURI uri) {
        var store = new RedisStore(vertx, vertx.getOrCreateContext(), settings, uri);
        return store.control
                .connect()
                .compose(ignored -> store.timers.until(store::dataIsThere, StoreUnavailable.class::isInstance))
                .compose(there -> there
                        ? store.timers.until(store::agreeOnFormat, StoreUnavailable.class::isInstance)
                        : refuse(List.of("there is no data of Spillway (expected: a gateway has run on it)")))
                .map(store)
                .onFailure(ignored -> store.close());
    }

    private Future<Boolean> dataIsThere() {
        return control.call(redis -> redis.exists(Keys.META.getBytes(StandardCharsets.UTF_8)))
                .map(count -> count == 1);
    }

    /** Where partitions are found. */
    public Partitions partitions() {
        return partitions;
    }

    /** What is wrong with the server now. */
    public Future<StoreSafety> safety() {
        return control.call(redis -> redis.info())
                .map(ServerInfo::parse)
                .compose(info -> control.call(redis -> redis.configGet(ServerSafety.SETTINGS.toArray(new String[0])))
                        .recover(failure -> failure instanceof StoreUnavailable
                                ? Future.failedFuture(failure)
                                : Future.succeededFuture(Map.of()))
                        .map(config -> new ServerSafety(info, config)))
                .map(server -> new StoreSafety(server.problems(settings.redis()), server.warnings(settings.redis())));
    }

    /** The register of subscriptions. */
    public Subscriptions subscriptions() {
        return new Subscriptions(control, partitions, timers);
    }

    /** Connects the lanes. */
    public Future<EventLog> eventLog(MeterRegistry registry) {
        var ingest = settings.ingest();
        var limits = new Lane.LaneLimits(
                ingest.flushEventsMax(),
                ingest.flushBytesMax(),
                ingest.holdMax().toNanos());
        var metrics = new StreamMetrics(registry);
        var confirmation = Confirmation.of(settings.redis());
        var kept = new ArrayList<Acknowledged>();
        var tracks = new ArrayList<RedisEventLog.Track>();
        for (var i = 0; i < ingest.laneCount(); i++) {
            // Each lane on an event loop of its own, as far as there are any.
            var context = ((VertxInternal) vertx).createEventLoopContext();
            var link = link(context, "lane-" + i);
            var acknowledged = new Acknowledged(ingest.repairBytesMax() / ingest.laneCount());
            kept.add(acknowledged);
            var flush = new AppendLink(
                    link, confirmation, acknowledged, new Timers(vertx, context), System::nanoTime, metrics);
            tracks.add(new RedisEventLog.Track(
                    context,
                    new Lane(vertx, context, flush, limits, System::nanoTime, metrics),
                    link,
                    new Homeward(context)));
        }
        metrics.repairWindow(kept);
        return Future.all(tracks.stream().map(track -> track.link().connect()).toList())
                .compose(ignored -> room(registry))
                .map(room -> new RedisEventLog(vertx, tracks, partitions, room, System::nanoTime));
    }

    private Future<Room> room(MeterRegistry registry) {
        var context = vertx.getOrCreateContext();
        var link = link(context, "room");
        var room = new Room(vertx, context, link, partitions.count(), Room.Limits.of(settings), registry);
        return link.connect().compose(ignored -> room.start().otherwiseEmpty()).map(room);
    }

    /** Connects what one consumer needs, owned by the calling context. */
    public Future<Consumer> consumer(String name) {
        var context = vertx.getOrCreateContext();
        var scripts = link(context, name);
        var bell = link(context, name + "-doorbell", RedisOptions.ANSWER_MAX.plus(RedisOptions.DOORBELL_WAIT));
        return Future.all(scripts.connect(), bell.connect()).map(ignored -> new Consumer(context, scripts, bell));
    }

    /** Makes another client of the same Redis on the same threads. The caller closes it, before this store. */
    public <T> T alsoOn(BiFunction<ClientResources, RedisURI, T> client) {
        return client.apply(resources, uri);
    }

    /** Lets go of Redis. What is in flight fails. */
    public Future<Void> close() {
        links.forEach(RedisLink::close);
        var closed = clients.close().thenCompose(ignored -> {
            var shutdown = new CompletableFuture<Void>();
            resources.shutdown(0, 2, TimeUnit.SECONDS).addListener(alsoIgnored -> shutdown.complete(null));
            return shutdown;
        });
        return Future.fromCompletionStage(closed, vertx.getOrCreateContext());
    }

    /** What a stage that reads partitions works with. */
    public final class Consumer {
        private final Context context;
        private final RedisLink scripts;
        private final PartitionStore store;
        private final Doorbell doorbell;
        private final List<Runnable> keeping = new ArrayList<>();

        private Consumer(Context context, RedisLink scripts, RedisLink bell) {
            this.context = context;
            this.scripts = scripts;
            this.store = new RedisPartitionStore(scripts, Confirmation.of(settings.redis()));
            this.doorbell = new Doorbell(vertx, context, bell, scripts);
        }

        /** The context that owns all of it. */
        public Context context() {
            return context;
        }

        /** The partitions' moves. */
        public PartitionStore store() {
            return store;
        }

        /** What rings when something comes. */
        public Doorbell doorbell() {
            return doorbell;
        }

        /** Keeps leases of the replies for a holder, and trims what it holds. Not started yet. */
        public LeaseKeeper replyLeases(LeaseKeeper.Holder holder) {
            var keeper = keeper(StreamGroup.DISPATCH, holder);
            var trimmer = new Trimmer(vertx, store, null, InstantSource.system(), keeper::tenures);
            trimmer.start(context);
            keeping.add(trimmer::stop);
            return keeper;
        }

        /** Keeps leases of a subscription for a holder, and trims and counts what it holds. Not started yet. */
        public LeaseKeeper leases(Subscription subscription, LeaseKeeper.Holder holder, SubscriptionMetrics metrics) {
            var group = StreamGroup.of(subscription);
            var keeper = keeper(group, holder);
            var events = new Trimmer.ForEvents(
                    subscriptions(),
                    new GroupMoves(scripts),
                    settings.stream().retain(),
                    Room.Limits.of(settings),
                    partitions.count(),
                    metrics);
            var trimmer = new Trimmer(vertx, store, events, InstantSource.system(), keeper::tenures);
            var drift = new DriftKeeper(vertx, store, group, keeper::tenures);
            trimmer.start(context);
            drift.start(context);
            Runnable stop = () -> {
                trimmer.stop();
                drift.stop();
            };
            keeping.add(stop);
            keeper.onDrained(() -> {
                stop.run();
                keeping.remove(stop);
            });
            return keeper;
        }

        private LeaseKeeper keeper(StreamGroup group, LeaseKeeper.Holder holder) {
            var timing = new LeaseTiming(
                    settings.stream().leaseTtl(), settings.stream().renewEvery());
            return new LeaseKeeper(
                    vertx,
                    context,
                    store,
                    scripts::generation,
                    group,
                    partitions.count(),
                    timing,
                    System::nanoTime,
                    holder);
        }

        /** Tells what the register says, once a second, and has the metrics told how far all are. */
        public void watch(
                SubscriptionMetrics metrics,
                BooleanSupplier tells,
                java.util.function.Consumer<List<RegisterRow>> told) {
            var parts = new RegisterWatch.Parts(
                    subscriptions(),
                    new GroupMoves(scripts),
                    Room.Limits.of(settings),
                    partitions.count(),
                    metrics,
                    InstantSource.system(),
                    System::nanoTime);
            var watch = new RegisterWatch(vertx, context, parts, tells, told);
            watch.start();
            keeping.add(watch::stop);
        }

        /** Which events of a partition a subscription that was reset reads again. */
        public Future<Replayed> replayed(int partition, Subscription subscription) {
            return new GroupMoves(scripts).replayed(partition, subscription);
        }

        /** Rings, trims and counts no more. */
        public void stop() {
            doorbell.stop();
            List.copyOf(keeping).forEach(Runnable::run);
        }
    }

    private RedisLink link(Context context, String name) {
        return link(context, name, RedisOptions.ANSWER_MAX);
    }

    private RedisLink link(Context context, String name, Duration answerMax) {
        var link = new RedisLink(vertx, context, clients.on(context), uri, name, answerMax);
        links.add(link);
        return link;
    }

    private Future<Void> check() {
        return safety().compose(safety -> refuse(safety.problems())).compose(ignored -> agreeOnFormat());
    }

    private static Future<Void> refuse(List<String> problems) {
        return problems.isEmpty() ? Future.succeededFuture() : Future.failedFuture(new StoreRefused(problems));
    }

    private Future<Void> agreeOnFormat() {
        var key = Keys.META.getBytes(StandardCharsets.UTF_8);
        var version = "version".getBytes(StandardCharsets.UTF_8);
        var count = "partitions".getBytes(StandardCharsets.UTF_8);
        var ours = Integer.toString(partitions.count());
        return control.call(redis -> redis.hsetnx(key, version, FORMAT.getBytes(StandardCharsets.UTF_8)))
                .compose(ignored ->
                        control.call(redis -> redis.hsetnx(key, count, ours.getBytes(StandardCharsets.UTF_8))))
                .compose(ignored -> control.call(redis -> redis.hmget(key, version, count)))
                .compose(found -> {
                    var theirs = found.stream()
                            .map(value -> new String(value.getValue(), StandardCharsets.UTF_8))
                            .toList();
                    var problems = new ArrayList<String>();
                    if (!theirs.get(0).equals(FORMAT)) {
                        problems.add("the data in Redis has form " + theirs.get(0) + " (expected: " + FORMAT
                                + "; run the version of Spillway that wrote it)");
                    }
                    if (!theirs.get(1).equals(ours)) {
                        problems.add("spillway.partitions: " + ours + " (expected: " + theirs.get(1)
                                + ", since the data in Redis has as many)");
                    }
                    return refuse(problems);
                });
    }
}
