// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.spillway.gateway.cli.CommandFailure;
import dev.spillway.gateway.cli.SubscriptionDesk;
import dev.spillway.gateway.config.Settings;
import dev.spillway.gateway.stream.NoSuchSubscription;
import dev.spillway.gateway.stream.RedisStore;
import dev.spillway.gateway.stream.StoreRefused;
import dev.spillway.gateway.stream.SubscriptionStatus;
import dev.spillway.gateway.stream.Subscriptions;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** The register of the configured Redis, for the commands; every trouble with it is a sentence for the user. */
final class RedisDesk implements SubscriptionDesk {
    private static final Duration CONNECTED_MAX = Duration.ofSeconds(10);
    /** A removal of much takes a second or so. */
    private static final Duration CHANGED_MAX = Duration.ofMinutes(2);

    private final Settings.Redis redis;
    private final Vertx vertx;
    private final Context context;
    private final RedisStore store;
    private final Subscriptions subscriptions;

    private RedisDesk(Settings.Redis redis, Vertx vertx, Context context, RedisStore store) {
        this.redis = redis;
        this.vertx = vertx;
        this.context = context;
        this.store = store;
        this.subscriptions = store.subscriptions();
    }

    static SubscriptionDesk open(Settings settings) {
        var redis = settings.redis();
        var vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setPreferNativeTransport(true)
                // A command starts on a cold process, maybe a busy machine: what it says is its result, not how its
                // loop fares.
                .setBlockedThreadCheckInterval(Duration.ofHours(1).toMillis()));
        var context = vertx.getOrCreateContext();
        try {
            var store = told(
                    redis,
                    context,
                    CONNECTED_MAX,
                    () -> RedisStore.openForCommand(vertx, settings, RedisAddress.of(redis)));
            return new RedisDesk(redis, vertx, context, store);
        } catch (RuntimeException failed) {
            vertx.close();
            throw failed;
        }
    }

    @Override
    public List<Status> list() {
        return told(CONNECTED_MAX, subscriptions::status).stream()
                .map(RedisDesk::status)
                .toList();
    }

    @Override
    public int add(String name, Settings.Start start, Settings.OnFull onFull) {
        return told(CHANGED_MAX, () -> subscriptions.register(name, start, onFull))
                .subscription()
                .generation();
    }

    @Override
    public void pause(String name, boolean paused) {
        told(CONNECTED_MAX, () -> subscriptions.pause(name, paused));
    }

    @Override
    public int reset(String name, Optional<Instant> since, boolean send) {
        return told(CHANGED_MAX, () -> subscriptions.reset(name, since.orElse(null), send))
                .subscription()
                .generation();
    }

    @Override
    public void remove(String name) {
        told(CHANGED_MAX, () -> subscriptions.remove(name).map(name));
    }

    @Override
    public void close() {
        try {
            // Not one chain: it would have to end on a loop that is gone.
            MainThread.result(store.close().otherwiseEmpty());
            MainThread.result(vertx.close());
        } catch (Exception leaving) {
            throw new IllegalStateException(leaving);
        }
    }

    private <T> T told(Duration most, Supplier<Future<T>> call) {
        return told(redis, context, most, call);
    }

    private static Status status(SubscriptionStatus status) {
        var row = status.row();
        return new Status(
                row.subscription().name(),
                row.subscription().generation(),
                row.word(),
                lower(row.onFull()),
                row.startsAt(),
                lower(row.replay()),
                status.waiting(),
                status.oldest(),
                status.done(),
                status.dead(),
                status.skipped(),
                status.filtered(),
                status.owners());
    }

    private static String lower(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    private static <T> T told(Settings.Redis redis, Context context, Duration most, Supplier<Future<T>> call) {
        Promise<T> answer = Promise.promise();
        context.runOnContext(
                ignored -> call.get().timeout(most.toMillis(), MILLISECONDS).onComplete(answer));
        try {
            return MainThread.result(answer.future());
        } catch (TimeoutException late) {
            throw new CommandFailure("Redis at " + redis.uri()
                    + " does not answer: does it run, and is redis.uri right? What was begun is finished by repeating"
                    + " the command.");
        } catch (StoreRefused refused) {
            throw new CommandFailure("Redis at " + redis.uri() + ": " + String.join("; ", refused.problems()));
        } catch (NoSuchSubscription missing) {
            throw new CommandFailure("there is no such subscription any more");
        } catch (Exception failed) {
            throw new CommandFailure("Redis at " + redis.uri()
                    + " refuses the command: may this user (redis.username, redis.password) read and write there?");
        }
    }
}
