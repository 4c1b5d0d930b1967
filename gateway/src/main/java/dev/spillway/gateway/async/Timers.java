// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.async;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waiting and trying again on one context. */
public final class Timers {
    private final Vertx vertx;
    private final Context context;

    /** Everything completes on this context. */
    public Timers(Vertx vertx, Context context) {
        this.vertx = vertx;
        this.context = context;
    }

    /** Completes after this time. */
    public Future<Void> after(Duration time) {
        Promise<Void> over = Promise.promise();
        vertx.setTimer(Math.max(1, time.toMillis()), ignored -> context.runOnContext(alsoIgnored -> over.complete()));
        return over.future();
    }

    /**
     * Makes the call until it succeeds, or fails with something that another try cannot cure.
     *
     * @param curable whether it is worth another try; asked after each failure
     */
    public <T> Future<T> until(Supplier<Future<T>> call, Predicate<Throwable> curable) {
        return attempt(call, curable, Duration.ofMillis(20));
    }

    private <T> Future<T> attempt(Supplier<Future<T>> call, Predicate<Throwable> curable, Duration pause) {
        return call.get().recover(failure -> {
            if (!curable.test(failure)) {
                return Future.failedFuture(failure);
            }
            var longer = pause.compareTo(Duration.ofMillis(500)) < 0 ? pause.multipliedBy(2) : pause;
            return after(pause).compose(ignored -> attempt(call, curable, longer));
        });
    }

    /** A growing pause with jitter: the base doubled per attempt, at most the ceiling, three quarters of it at least. */
    public static Duration backoff(int attempt, Duration base, Duration ceiling) {
        var doubled = base.multipliedBy(1L << Math.min(20, Math.max(0, attempt - 1)));
        var most = doubled.compareTo(ceiling) < 0 ? doubled : ceiling;
        var jitter = ThreadLocalRandom.current().nextDouble(0.75, 1.0);
        return Duration.ofNanos((long) (most.toNanos() * jitter));
    }
}
