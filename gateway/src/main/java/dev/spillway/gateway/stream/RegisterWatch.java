// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Looks at the register once a second, so that every process soon does what it says; and, if this is the process to do
 * it, at how far all subscriptions are. Threads: owned by one context.
 */
final class RegisterWatch {
    private static final long EVERY_MS = 1000;

    /** What a watch works with. */
    record Parts(
            Subscriptions subscriptions,
            GroupMoves groups,
            Room.Limits limits,
            int partitions,
            SubscriptionMetrics metrics,
            InstantSource clock,
            LongSupplier nanoClock) {}

    private final Vertx vertx;
    private final Context context;
    private final Parts parts;
    private final BooleanSupplier tells;
    private final Consumer<List<RegisterRow>> listener;
    private long timer;
    private boolean busy;

    /** {@code tells}: whether this process tells how far subscriptions are. */
    RegisterWatch(
            Vertx vertx, Context context, Parts parts, BooleanSupplier tells, Consumer<List<RegisterRow>> listener) {
        this.vertx = vertx;
        this.context = context;
        this.parts = parts;
        this.tells = tells;
        this.listener = listener;
    }

    void start() {
        timer = vertx.setPeriodic(EVERY_MS, tick -> context.runOnContext(ignored -> look()));
    }

    void stop() {
        vertx.cancelTimer(timer);
    }

    // While Redis is away, everything stays as it is.
    private void look() {
        if (busy) {
            return;
        }
        busy = true;
        parts.subscriptions()
                .rows()
                .compose(rows -> {
                    context.runOnContext(ignored -> told(rows));
                    return tells.getAsBoolean() ? backlog(rows) : Future.succeededFuture();
                })
                .onComplete(ignored -> context.runOnContext(alsoIgnored -> busy = false));
    }

    private void told(List<RegisterRow> rows) {
        parts.metrics().only(rows.stream().map(row -> row.subscription().name()).collect(Collectors.toSet()));
        if (!tells.getAsBoolean()) {
            parts.metrics().silent();
        }
        listener.accept(rows);
    }

    private Future<Void> backlog(List<RegisterRow> rows) {
        var looks = IntStream.range(0, parts.partitions())
                .mapToObj(partition -> parts.groups().backlog(partition, rows))
                .toList();
        return parts.groups().caps(parts.limits(), parts.partitions()).compose(caps -> Future.all(looks)
                .map(all -> {
                    List<SubscriptionStatus.InPartition> found = all.list();
                    context.runOnContext(ignored -> parts.metrics()
                            .looked(
                                    rows,
                                    found,
                                    caps,
                                    parts.clock().instant(),
                                    parts.nanoClock().getAsLong()));
                    return null;
                }));
    }
}
