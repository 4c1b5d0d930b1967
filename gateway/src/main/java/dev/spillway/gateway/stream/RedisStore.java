// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import dev.spillway.gateway.async.Timers;
import dev.spillway.gateway.config.Settings;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Redis, as the stages use it: makes connections, checks that the server keeps what we promise, and lets go at the end.
 *
 * <p>Threads: may be called from any; what it makes belongs to the context it is made for.
 */
public final class RedisStore {
    /** The form of the data that this version reads and writes. */
    static final String FORMAT = "1";

    private static final StoreSafety GONE = new StoreSafety(
            List.of("redis key " + Keys.META
                    + ": missing (expected: as at the start; somebody deleted the data, and what"
                    + " comes now waits until all processes are started anew)"),
            List.of());

    private static final Duration BELL_ANSWER_MAX = RedisOptions.ANSWER_MAX.plus(RedisOptions.DOORBELL_WAIT);

    private final Vertx vertx;
    private final Settings settings;
    private final Partitions partitions;
    private final ClientResources resources;
    private final LoopClients clients;
    private final RedisAccess access;
    private final @Nullable ClusterMap map;
    private final @Nullable SentinelWatch sentinels;
    private final Links control;
    private final Timers timers;
    private final List<Runnable> closing = new CopyOnWriteArrayList<>();
    // Written once, when the form of the data was looked at.
    private volatile boolean agreed;

    private RedisStore(Vertx vertx, Context context, Settings settings, RedisAccess access) {
        this.vertx = vertx;
        this.settings = settings;
        this.partitions = new Partitions(settings.partitions());
        this.resources = DefaultClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .build();
        this.access = access;
        this.clients = new LoopClients(resources, access.options());
        this.map = access.cluster() ? new ClusterMap(vertx, context, clients.on(context), access.uris()) : null;
        this.sentinels = access.first().getSentinels().isEmpty()
                ? null
                : new SentinelWatch(vertx, context, clients.on(context), access.first());
        this.control = links(context, "control");
        this.timers = new Timers(vertx, context);
    }

    /**
     * Connects, and checks the server and the form of its data. Fails with {@link StoreRefused} on either; waits for a
     * server that is away.
     */
    public static Future<RedisStore> open(Vertx vertx, Settings settings, RedisAccess access) {
        var store = new RedisStore(vertx, vertx.getOrCreateContext(), settings, access);
        return store.connected()
                .compose(ignored -> store.timers.until(store::check, StoreUnavailable.class::isInstance))
                .map(store)
                .onFailure(ignored -> store.close());
    }

    /**
     * Connects for a command, on data that is there. Fails with {@link StoreRefused} if there is none, or it is of
     * another form; waits for a server that is away.
     */
    public static Future<RedisStore> openForCommand(Vertx vertx, Settings settings, RedisAccess access) {
        var store = new RedisStore(vertx, vertx.getOrCreateContext(), settings, access);
        return store.connected()
                .compose(ignored -> store.timers.until(store::dataIsThere, StoreUnavailable.class::isInstance))
                .compose(there -> there
                        ? store.timers.until(store::agreeOnFormat, StoreUnavailable.class::isInstance)
                        : refuse(List.of("there is no data of Spillway (expected: a gateway has run on it)")))
                .map(store)
                .onFailure(ignored -> store.close());
    }

    private Future<Void> connected() {
        if (map != null) {
            map.start();
        }
        if (sentinels != null) {
            sentinels.start();
        }
        return control.connect();
    }

    private Future<Boolean> dataIsThere() {
        return control.to(Keys.META)
                .call(redis -> redis.exists(Keys.META.getBytes(StandardCharsets.UTF_8)))
                .map(count -> count == 1);
    }

    /** Where partitions are found. */
    public Partitions partitions() {
        return partitions;
    }

    /** What is wrong with any server, or with what was there, now. */
    public Future<StoreSafety> safety() {
        return Future.all(control.all().stream().map(this::safety).toList())
                .map(all -> new ArrayList<>(all.<StoreSafety>list()))
                .compose(all -> (agreed ? dataIsThere() : Future.succeededFuture(true)).map(there -> {
                    if (!there) {
                        all.add(GONE);
                    }
                    return StoreSafety.ofAll(all);
                }));
    }

    private Future<StoreSafety> safety(RedisLink link) {
        return link.call(redis -> redis.info())
                .map(ServerInfo::parse)
                .compose(info -> link.call(redis -> redis.configGet(ServerSafety.SETTINGS.toArray(new String[0])))
                        .recover(failure -> failure instanceof StoreUnavailable
                                ? Future.failedFuture(failure)
                                : Future.succeededFuture(Map.of()))
                        .map(config -> new ServerSafety(info, config)))
                .map(server -> new StoreSafety(server.problems(settings.redis()), server.warnings(settings.redis())))
                .map(found -> access.cluster() ? found.of(link.name()) : found);
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
        var tracks = new RedisEventLog.Track[partitions.count()];
        var connected = new ArrayList<Future<Void>>();
        var lanes = lanes(ingest.laneCount());
        for (var lane : lanes) {
            // Each lane on an event loop of its own, as far as there are any.
            var context = ((VertxInternal) vertx).createEventLoopContext();
            var acknowledged = new Acknowledged(ingest.repairBytesMax() / lanes.size());
            kept.add(acknowledged);
            var links = links(context, "lane-" + (kept.size() - 1), lane, false);
            var flush = flush(
                    context,
                    links,
                    lane,
                    link -> new AppendLink(
                            link,
                            confirmation,
                            acknowledged,
                            new Timers(vertx, context),
                            System::nanoTime,
                            metrics,
                            partition -> links.to(partition) == link));
            var track = new RedisEventLog.Track(
                    context,
                    new Lane(vertx, context, flush, limits, System::nanoTime, metrics),
                    links,
                    new Homeward(context));
            for (var partition : lane) {
                tracks[partition] = track;
            }
            connected.add(links.connect());
        }
        metrics.repairWindow(kept);
        return Future.all(connected)
                .compose(ignored -> room(registry))
                .map(room -> new RedisEventLog(vertx, tracks, partitions, room, System::nanoTime));
    }

    /**
     * The partitions of each lane: dealt out in turn, in a cluster those of each node by themselves, so that a node that
     * stands still holds up no other's.
     */
    private List<int[]> lanes(int each) {
        return IntStream.range(0, partitions.count())
                .boxed()
                .collect(Collectors.groupingBy(control::to, LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .flatMap(there -> IntStream.range(0, Math.min(each, there.size()))
                        .mapToObj(lane -> IntStream.range(0, there.size())
                                .filter(i -> i % each == lane)
                                .map(there::get)
                                .toArray()))
                .toList();
    }

    private Lane.Flush flush(Context context, Links links, int[] lane, Function<RedisLink, AppendLink> make) {
        if (map == null) {
            return make.apply(links.to(lane[0]));
        }
        var spread = new SpreadFlush(links, lane, make);
        map.onChange(() -> context.runOnContext(ignored -> spread.moved()));
        return spread;
    }

    private Future<Room> room(MeterRegistry registry) {
        var context = vertx.getOrCreateContext();
        var links = links(context, "room");
        var room = new Room(vertx, context, links, partitions.count(), Room.Limits.of(settings), registry);
        return links.connect().compose(ignored -> room.start().otherwiseEmpty()).map(room);
    }

    /** Connects what one consumer needs, owned by the calling context. */
    public Future<Consumer> consumer(String name) {
        var context = vertx.getOrCreateContext();
        var scripts = links(context, name);
        if (map != null) {
            var cluster = map;
            var bells = Doorbell.ofEach(partition -> rope(cluster, context, name, scripts, partition));
            return scripts.connect().map(ignored -> new Consumer(context, scripts, bells));
        }
        var bell = link(context, Route.to(access.first()), name + "-doorbell", BELL_ANSWER_MAX);
        closing.add(bell::close);
        var bells = Doorbell.of(new Bell(vertx, context, bell, () -> scripts.to(Keys.META)));
        return Future.all(scripts.connect(), bell.connect()).map(ignored -> new Consumer(context, scripts, bells));
    }

    private Doorbell.Rope rope(ClusterMap cluster, Context context, String name, Links scripts, int partition) {
        var bell = link(context, cluster.toKey(Keys.in(partition)), name + "-doorbell-" + partition, BELL_ANSWER_MAX);
        var unused = bell.connect();
        return new Doorbell.Rope(new Bell(vertx, context, bell, () -> scripts.to(partition)), bell::close);
    }

    /** Makes another client of the same Redis on the same threads. The caller closes it, before this store. */
    public <T> T alsoOn(BiFunction<ClientResources, RedisAccess, T> client) {
        return client.apply(resources, access);
    }

    /** Lets go of Redis. What is in flight fails. */
    public Future<Void> close() {
        closing.forEach(Runnable::run);
        if (map != null) {
            map.close();
        }
        if (sentinels != null) {
            sentinels.close();
        }
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
        private final Links scripts;
        private final PartitionStore store;
        private final Doorbell doorbell;
        private final List<Runnable> keeping = new ArrayList<>();

        private Consumer(Context context, Links scripts, Doorbell doorbell) {
            this.context = context;
            this.scripts = scripts;
            this.store = new RedisPartitionStore(scripts, Confirmation.of(settings.redis()));
            this.doorbell = doorbell;
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

        /** Is called on the context when a partition may have come to another server, or another life of it. */
        public void onAnother(Runnable another) {
            scripts.onAnother(another);
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
            var drift = new DriftKeeper(
                    vertx,
                    store,
                    group,
                    keeper::tenures,
                    Confirmation.of(settings.redis()).isNeeded()
                            ? settings.ingest().holdMax()
                            : Duration.ZERO);
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
            var keeper = new LeaseKeeper(
                    vertx,
                    context,
                    store,
                    partition -> scripts.to(partition).generation(),
                    group,
                    partitions.count(),
                    timing,
                    System::nanoTime,
                    holder);
            scripts.onAnother(keeper::serverChanged);
            return keeper;
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

    private Links links(Context context, String name) {
        return links(context, name, IntStream.range(0, partitions.count()).toArray(), true);
    }

    private Links links(Context context, String name, int[] of, boolean everyNode) {
        var links = map == null
                ? Links.of(link(context, Route.to(access.first()), name, RedisOptions.ANSWER_MAX))
                : spread(map, context, name, of, everyNode);
        closing.add(links::close);
        return links;
    }

    private Links spread(ClusterMap cluster, Context context, String name, int[] of, boolean everyNode) {
        return new ClusterLinks(
                vertx,
                context,
                cluster,
                partitions.count(),
                of,
                everyNode,
                node -> link(context, cluster.toNode(node), node.toString(), RedisOptions.ANSWER_MAX),
                link(context, () -> null, name, RedisOptions.ANSWER_MAX));
    }

    private RedisLink link(Context context, Route route, String name, Duration answerMax) {
        var link = new RedisLink(vertx, context, clients.on(context), route, name, answerMax, Scripts.STANDARD);
        if (sentinels != null) {
            sentinels.watch(link);
        }
        return link;
    }

    private Future<Void> check() {
        return safety().compose(safety -> refuse(safety.problems()))
                .compose(ignored -> permissions())
                .compose(RedisStore::refuse)
                .compose(ignored -> agreeOnFormat())
                .recover(failure -> failure instanceof AccessDenied denied
                        ? refuse(List.of(String.valueOf(denied.getMessage())))
                        : Future.failedFuture(failure));
    }

    private Future<List<String>> permissions() {
        var permissions = Permissions.of(settings.roles(), access.cluster(), settings.redis());
        return Future.all(control.all().stream().map(permissions::missing).toList())
                .map(all -> all.<List<String>>list().stream()
                        .flatMap(List::stream)
                        .distinct()
                        .toList());
    }

    private static Future<Void> refuse(List<String> problems) {
        return problems.isEmpty() ? Future.succeededFuture() : Future.failedFuture(new StoreRefused(problems));
    }

    private Future<Void> agreeOnFormat() {
        var key = Keys.META.getBytes(StandardCharsets.UTF_8);
        var version = "version".getBytes(StandardCharsets.UTF_8);
        var count = "partitions".getBytes(StandardCharsets.UTF_8);
        var ours = Integer.toString(partitions.count());
        return control.to(Keys.META)
                .call(redis -> redis.hsetnx(key, version, FORMAT.getBytes(StandardCharsets.UTF_8)))
                .compose(ignored -> control.to(Keys.META)
                        .call(redis -> redis.hsetnx(key, count, ours.getBytes(StandardCharsets.UTF_8))))
                .compose(ignored -> control.to(Keys.META).call(redis -> redis.hmget(key, version, count)))
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
                })
                .onSuccess(ignored -> agreed = true);
    }
}
