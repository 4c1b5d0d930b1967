// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import dev.spillway.gateway.config.Settings;
import dev.spillway.gateway.config.Settings.Role;
import dev.spillway.gateway.dispatch.Dispatcher;
import dev.spillway.gateway.graph.GraphClient;
import dev.spillway.gateway.ingest.WebhookServer;
import dev.spillway.gateway.ops.BuildInfo;
import dev.spillway.gateway.ops.EventLoops;
import dev.spillway.gateway.ops.Lifecycle;
import dev.spillway.gateway.ops.Lifecycle.Phase;
import dev.spillway.gateway.ops.Meters;
import dev.spillway.gateway.ops.OpsServer;
import dev.spillway.gateway.stream.RedisStore;
import dev.spillway.gateway.stream.StoreRefused;
import dev.spillway.gateway.worker.Bot;
import dev.spillway.gateway.worker.EventFilter;
import dev.spillway.gateway.worker.Worker;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole process: builds every part, starts it from the store outward, and stops it in reverse.
 *
 * <p>Threads: {@link #start} and {@link #stop} may be called from any thread, each once.
 */
public final class Gateway {
    private static final Logger log = LoggerFactory.getLogger(Gateway.class);

    private final Vertx vertx;
    private final Context context;
    private final Settings settings;
    private final Map<String, Supplier<Bot>> builtIn;
    private final Lifecycle lifecycle = new Lifecycle();
    private final Meters meters;
    private final EventLoops loops;
    private final StoreCheck storeCheck = new StoreCheck();
    private final GraphClient graph;
    private final OpsServer ops;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Promise<Void> stopped = Promise.promise();

    // Owned by the context.
    private @Nullable RedisStore store;
    private @Nullable WebhookServer webhooks;
    private @Nullable Worker worker;
    private @Nullable Dispatcher dispatcher;
    // Written by the context.
    private volatile int opsPort;
    private volatile int httpPort;

    /**
     * Builds the parts; nothing is opened yet.
     *
     * @param builtIn makes the bots of kind {@code built-in}, by name
     */
    public Gateway(Settings settings, Map<String, Supplier<Bot>> builtIn) {
        this.settings = settings;
        this.builtIn = Map.copyOf(builtIn);
        var loopCount = Math.max(2, Runtime.getRuntime().availableProcessors());
        this.vertx = Vertx.builder()
                .with(new VertxOptions().setEventLoopPoolSize(loopCount).setPreferNativeTransport(true))
                .build();
        this.context = vertx.getOrCreateContext();
        var build = BuildInfo.current();
        this.meters = Meters.of(build);
        this.loops = EventLoops.watch(vertx, meters.registry());
        this.graph = new GraphClient(vertx, settings, meters.registry());
        this.ops = OpsServer.of(
                vertx,
                settings,
                new OpsServer.Parts(lifecycle, meters, loops, build, List.of(storeCheck), List.of(), List.of()));
    }

    /** Starts everything; completes when this process is ready. Fails with {@link StoreRefused} on an unsafe Redis. */
    public Future<Void> start() {
        return onContext(() -> ops.start()
                .onSuccess(port -> opsPort = port)
                .compose(port -> RedisStore.open(vertx, settings, RedisAddress.of(settings.redis())))
                .onSuccess(opened -> store = opened)
                .onSuccess(opened -> storeCheck.watch(vertx, opened))
                .compose(this::startStages)
                .onSuccess(ignored -> lifecycle.advance(Phase.READY)));
    }

    /** The port of the webhooks; 0 if this process does not take any. */
    public int httpPort() {
        return httpPort;
    }

    /** The port of health and metrics. */
    public int opsPort() {
        return opsPort;
    }

    /**
     * Stops, losing nothing: not ready at first, then no new connection, then what is in work is finished and given
     * back. The same future for every caller.
     */
    public Future<Void> stop() {
        if (stopping.compareAndSet(false, true)) {
            onContext(this::drain).onComplete(stopped);
        }
        return stopped.future();
    }

    private Future<Void> startStages(RedisStore opened) {
        Future<Void> started = Future.succeededFuture();
        if (settings.roles().contains(Role.DISPATCH)) {
            started = started.compose(ignored -> Dispatcher.start(vertx, opened, settings, graph, meters.registry()))
                    .onSuccess(one -> dispatcher = one)
                    .mapEmpty();
        }
        if (settings.roles().contains(Role.WORKER)) {
            started = started.compose(ignored -> Worker.start(vertx, opened, settings, meters.registry(), bots()))
                    .onSuccess(one -> worker = one)
                    .mapEmpty();
        }
        if (settings.roles().contains(Role.INGEST)) {
            var acceptors = Math.max(1, Runtime.getRuntime().availableProcessors());
            started = started.compose(ignored -> opened.eventLog(meters.registry()))
                    .compose(eventLog -> WebhookServer.start(vertx, settings, eventLog, meters.registry(), acceptors))
                    .onSuccess(one -> {
                        webhooks = one;
                        httpPort = one.port();
                    })
                    .mapEmpty();
        }
        return started;
    }

    private List<Worker.Registration> bots() {
        var registrations = new ArrayList<Worker.Registration>();
        settings.bots().forEach((name, bot) -> {
            var make = builtIn.get(name);
            if (bot.kind() != Settings.BotKind.BUILT_IN || make == null) {
                throw new IllegalStateException("no way to run the bot " + name);
            }
            var filter = new EventFilter(bot.pages().map(Set::copyOf).orElse(Set.of()), DefaultKinds.of(bot));
            registrations.add(
                    new Worker.Registration(name, make.get(), filter, bot.coalesce(), bot.start(), bot.onFull()));
        });
        return registrations;
    }

    private Future<Void> drain() {
        lifecycle.advance(Phase.DRAINING);
        log.atInfo().log("Draining");
        var drain = settings.drain();
        return pause(webhooks == null ? Duration.ZERO : drain.endpoints())
                .compose(ignored ->
                        closing(webhooks, one -> one.shutdown(drain.requests().toMillis())))
                .compose(ignored -> closing(worker, Worker::drain))
                .compose(ignored -> closing(dispatcher, Dispatcher::drain))
                .compose(ignored -> graph.close().otherwiseEmpty())
                .compose(ignored -> closing(store, RedisStore::close))
                .onComplete(ignored -> {
                    lifecycle.advance(Phase.STOPPED);
                    log.atInfo().log("Stopped");
                })
                .compose(ignored -> ops.stop().otherwiseEmpty())
                .onComplete(ignored -> {
                    loops.close();
                    meters.close();
                })
                .compose(ignored -> vertx.close());
    }

    // A part that cannot be stopped well must not keep the others from stopping.
    private static <T> Future<Void> closing(@Nullable T part, Function<T, Future<Void>> close) {
        return part == null
                ? Future.succeededFuture()
                : close.apply(part)
                        .onFailure(failure -> log.atWarn().setCause(failure).log("A part did not stop well"))
                        .otherwiseEmpty();
    }

    private Future<Void> pause(Duration time) {
        Promise<Void> over = Promise.promise();
        vertx.setTimer(Math.max(1, time.toMillis()), ignored -> over.complete());
        return over.future();
    }

    private Future<Void> onContext(Supplier<Future<Void>> work) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(ignored -> work.get().onComplete(done));
        return done.future();
    }
}
