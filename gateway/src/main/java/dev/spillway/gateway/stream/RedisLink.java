// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to Redis that heals, and never replays: a command either is answered, or fails at once as {@link
 * StoreUnavailable} when the connection goes, and our own code repeats it.
 *
 * <p>The client library's own reconnection is off: it would replay what was in flight and double appends. After each
 * connect the server is asked who it is before any command may pass, so that nothing is ever told to another life of it.
 *
 * <p>Threads: made for one context; may be called from any thread; futures complete on the context of this link.
 */
final class RedisLink implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RedisLink.class);
    private static final long BACKOFF_MS_MIN = 20;
    private static final long BACKOFF_MS_MAX = 500;
    private static final long WATCH_MS = 250;
    private static final long LOOK_AGAIN_NANOS = Duration.ofSeconds(1).toNanos();
    private static final Future<?> DONE = Future.succeededFuture();

    private final Vertx vertx;
    private final Context context;
    private final RedisClient client;
    private final Route route;
    private final String name;
    private final long answerNanosMax;
    private final Scripts scripts;
    private final List<Runnable> onConnected = new CopyOnWriteArrayList<>();
    private final Promise<Void> connected = Promise.promise();

    // Written by the context, read by any thread.
    private volatile @Nullable Session session;
    private volatile boolean closed;
    private volatile @Nullable StoreRefused refusal;
    // Owned by the context.
    private long backoffMs = BACKOFF_MS_MIN;
    private boolean troubled;
    private String denied = "";
    private volatile long watch = -1;

    private record Session(
            StatefulRedisConnection<byte[], byte[]> connection,
            ServerGeneration generation,
            long id,
            Owed owed,
            long sinceNanos) {}

    /** The answers that a connection owes: they come in order, so one that stands still shows by none coming. */
    private static final class Owed {
        private final AtomicInteger count = new AtomicInteger();
        private volatile long sinceNanos;

        void asked() {
            if (count.getAndIncrement() == 0) {
                sinceNanos = System.nanoTime();
            }
        }

        void answered() {
            sinceNanos = System.nanoTime();
            count.decrementAndGet();
        }

        boolean late(long maxNanos) {
            return count.get() > 0 && System.nanoTime() - sinceNanos > maxNanos;
        }
    }

    RedisLink(Vertx vertx, Context context, RedisClient client, RedisURI uri, String name) {
        this(vertx, context, client, Route.to(uri), name, RedisOptions.ANSWER_MAX, Scripts.STANDARD);
    }

    /** {@code answerMax}: how long it may owe an answer before it is given up. */
    RedisLink(
            Vertx vertx,
            Context context,
            RedisClient client,
            Route route,
            String name,
            Duration answerMax,
            Scripts scripts) {
        this.answerNanosMax = answerMax.toNanos();
        this.scripts = scripts;
        this.vertx = vertx;
        this.context = context;
        this.client = client;
        this.route = route;
        this.name = name;
    }

    /**
     * Starts connecting; completes when first connected, and fails with {@link StoreRefused} if the server refuses what
     * only an operator can change. Goes on trying for ever.
     */
    Future<Void> connect() {
        onConnected.add(connected::tryComplete);
        context.runOnContext(ignored -> attempt());
        watch = vertx.setPeriodic(WATCH_MS, ignored -> context.runOnContext(alsoIgnored -> watch()));
        return connected.future();
    }

    /** Is called on the context after each connect. */
    void onConnected(Runnable connected) {
        onConnected.add(connected);
    }

    /** Who answers now, or null while nobody does. */
    @Nullable
    ServerGeneration generation() {
        var now = session;
        return now == null ? null : now.generation;
    }

    /** Why the server does not let us in, if only an operator can change that; else null. */
    @Nullable
    StoreRefused refusal() {
        return refusal;
    }

    /** Another server should answer: gives the connection up, at most once a second. Any thread. */
    void leaveUnless(String runId) {
        context.runOnContext(ignored -> {
            var now = session;
            if (now != null && !now.generation.runId().equals(runId)) {
                cutOff(now);
            }
        });
    }

    /** Where it leads, for people. */
    String name() {
        return name;
    }

    /** The connection's id on the server, or 0 while there is none. */
    long clientId() {
        var now = session;
        return now == null ? 0 : now.id;
    }

    /** Runs a command on whichever life of the server is there. */
    <T> Future<T> call(Function<RedisAsyncCommands<byte[], byte[]>, CompletionStage<T>> command) {
        var now = session;
        if (now == null) {
            return Future.failedFuture(new StoreUnavailable("no connection to Redis"));
        }
        now.owed.asked();
        Promise<T> answer = ((ContextInternal) context).promise();
        command.apply(now.connection.async()).whenComplete((value, failure) -> {
            now.owed.answered();
            if (failure == null) {
                answer.complete(value);
            } else {
                answer.fail(typed(now, failure));
            }
        });
        return answer.future();
    }

    /** The same, but only on this very connection: what it asks about was written there. */
    <T> Future<T> callOn(long clientId, Function<RedisAsyncCommands<byte[], byte[]>, CompletionStage<T>> command) {
        return clientId() == clientId
                ? call(command)
                : Future.failedFuture(new StoreUnavailable("the connection that wrote is gone"));
    }

    /** Has the calls made in it written at once. Call on the context, on a link that only one owner uses. */
    <T> T together(Supplier<T> calls) {
        var now = session;
        if (now == null) {
            return calls.get(); // Each of them fails.
        }
        now.connection.setAutoFlushCommands(false);
        try {
            return calls.get();
        } finally {
            now.connection.flushCommands();
            now.connection.setAutoFlushCommands(true);
        }
    }

    /** Runs a script whose answer is an array, or one value. */
    Future<List<Object>> run(Script script, String key, byte[]... arguments) {
        byte[][] keys = {key.getBytes(StandardCharsets.UTF_8)};
        var sent = scripts.of(script);
        return this.<List<Object>>call(redis -> redis.evalsha(sent.sha(), ScriptOutputType.MULTI, keys, arguments))
                .recover(failure -> failure instanceof ScriptMissing
                        ? call(redis -> redis.eval(sent.text(), ScriptOutputType.MULTI, keys, arguments))
                        : Future.failedFuture(failure));
    }

    /** Writes several commands at once. Succeeds when each has ended, one way or the other; fails if none was written. */
    Future<List<Future<?>>> dispatch(List<PlainCommand> commands) {
        var now = session;
        if (now == null) {
            return Future.failedFuture(new StoreUnavailable("no connection to Redis"));
        }
        now.owed.asked();
        Promise<List<Future<?>>> all = ((ContextInternal) context).promise();
        commands.getLast().onEnd(() -> {
            now.owed.answered();
            var ends = new ArrayList<Future<?>>(commands.size());
            for (var command : commands) {
                var failure = command.failure();
                ends.add(failure == null ? DONE : Future.failedFuture(typed(now, failure)));
            }
            all.complete(ends);
        });
        var unused = now.connection.dispatch(commands);
        return all.future();
    }

    private void watch() {
        var now = session;
        if (now != null && now.owed.late(answerNanosMax)) {
            lost(now);
        }
    }

    private void attempt() {
        if (closed) {
            return;
        }
        var to = route.next();
        if (to == null) {
            route.astray();
            later();
            return;
        }
        Future.fromCompletionStage(client.connectAsync(ByteArrayCodec.INSTANCE, to), context)
                .compose(this::introduce)
                .onSuccess(this::opened)
                .onFailure(this::notOpened);
    }

    private void notOpened(Throwable failure) {
        var why = ConnectFailure.of(failure);
        if (!troubled) {
            troubled = true;
            log.atWarn()
                    .addKeyValue("link", name)
                    .addKeyValue("cause", why.words())
                    .log("No connection to Redis; trying until there is one");
        }
        if (why.refused()) {
            var refused = new StoreRefused(List.of(why.words()));
            refusal = refused;
            connected.tryFail(refused);
        }
        route.astray();
        later();
    }

    private Future<Session> introduce(StatefulRedisConnection<byte[], byte[]> connection) {
        var redis = connection.async();
        var info = redis.info();
        var id = redis.clientId();
        return Future.fromCompletionStage(info.thenCombine(id, ServerInfo::new), context)
                .timeout(RedisOptions.ANSWER_MAX.toMillis(), MILLISECONDS)
                .compose(server -> server.usable()
                        ? Future.succeededFuture(new Session(
                                connection, server.generation(), server.clientId(), new Owed(), System.nanoTime()))
                        : Future.<Session>failedFuture(new StoreUnavailable(server.reason())))
                .onFailure(ignored -> hangUp(connection));
    }

    private void opened(Session opened) {
        if (closed) {
            hangUp(opened.connection);
            return;
        }
        opened.connection.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
                context.runOnContext(ignored -> lost(opened));
            }
        });
        backoffMs = BACKOFF_MS_MIN;
        refusal = null;
        session = opened;
        if (troubled) {
            troubled = false;
            log.atInfo().addKeyValue("link", name).log("Connected to Redis again");
        }
        if (!opened.connection.isOpen()) {
            lost(opened);
            return;
        }
        onConnected.forEach(Runnable::run);
    }

    // A connection that owes an answer for too long is not trusted any more: it may be half open.
    private void lost(Session gone) {
        if (gone.equals(session)) {
            session = null;
            hangUp(gone.connection);
            route.astray();
            later();
        }
    }

    private static void hangUp(StatefulRedisConnection<byte[], byte[]> connection) {
        var unused = connection.closeAsync();
    }

    private void later() {
        if (!closed) {
            vertx.setTimer(backoffMs, ignored -> context.runOnContext(alsoIgnored -> attempt()));
            backoffMs = Math.min(BACKOFF_MS_MAX, backoffMs * 2);
        }
    }

    private Throwable typed(Session used, Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof RedisCommandExecutionException said
                ? answered(used, said)
                : new StoreUnavailable("the connection to Redis went");
    }

    private Throwable answered(Session used, RedisCommandExecutionException said) {
        var words = String.valueOf(said.getMessage());
        var code = ErrorReply.code(words);
        return switch (ErrorReply.of(words)) {
            case LEASE_LOST -> new LeaseLost(words);
            case GROUP_MISSING -> new GroupMissing(words);
            case FULL -> new StoreFull("Redis is out of memory");
            case SCRIPT_MISSING -> new ScriptMissing();
            case LATER -> {
                route.astray();
                if (code.equals("NOREPLICAS")) {
                    context.runOnContext(ignored -> cutOff(used));
                }
                yield new StoreUnavailable("Redis refuses for now: " + code);
            }
            case NOT_PRIMARY -> {
                context.runOnContext(ignored -> lost(used));
                yield new StoreUnavailable("Redis answers " + code);
            }
            case MOVED -> {
                route.astray();
                if (route.followsKey()) {
                    context.runOnContext(ignored -> lost(used));
                }
                yield new Elsewhere("another node of the cluster has the key");
            }
            case MOVING -> new Elsewhere("the cluster is moving the slot of the key");
            case DENIED -> {
                context.runOnContext(ignored -> denied(words));
                yield new AccessDenied(words);
            }
            case UNKNOWN -> said;
        };
    }

    // A primary without replicas may be one that was cut off from them, and from sentinels that know another by now.
    private void cutOff(Session used) {
        if (route.isLookedUp() && System.nanoTime() - used.sinceNanos > LOOK_AGAIN_NANOS) {
            lost(used);
        }
    }

    // Once for each command: somebody took a permission away while we run, and nothing goes on without it.
    private void denied(String words) {
        if (!denied.equals(words)) {
            denied = words;
            log.atError()
                    .addKeyValue("link", name)
                    .addKeyValue("cause", words)
                    .log("The user of Redis lacks a permission (docs/redis.md has the list); trying until it has it");
        }
    }

    @Override
    public void close() {
        closed = true;
        vertx.cancelTimer(watch);
        context.runOnContext(ignored -> {
            var now = session;
            session = null;
            if (now != null) {
                hangUp(now.connection);
            }
        });
    }

    private static final class ScriptMissing extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ScriptMissing() {
            super("NOSCRIPT", null, false, false);
        }
    }
}
