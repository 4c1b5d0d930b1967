// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import dev.spillway.gateway.async.CrashPoint;
import dev.spillway.gateway.config.Settings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trims the streams of held partitions to what every group has finished, and skips ahead those subscriptions that asked
 * for it where they fill a stream by half. Nothing else ever trims.
 *
 * <p>Threads: owned by one context.
 */
final class Trimmer {
    private static final Logger log = LoggerFactory.getLogger(Trimmer.class);
    private static final long EVERY_MS = 5000;
    /** Half of a partition is left for webhooks, while the other half is made room in. */
    private static final double HALF = 0.5;

    /** A script each; the next round goes on. */
    private static final int SKIPS_MAX = 1000;

    /**
     * What is done for events beyond trimming.
     *
     * @param retain how long what is finished is kept
     */
    record ForEvents(
            Subscriptions subscriptions,
            GroupMoves groups,
            Duration retain,
            Room.Limits limits,
            int partitions,
            SubscriptionMetrics metrics) {
        /** Of each partition, in bytes. */
        Future<long[]> halfFull() {
            return groups.caps(limits, partitions).map(caps -> Arrays.stream(caps)
                    .mapToLong(cap -> cap == 0 ? Long.MAX_VALUE : (long) (cap * HALF))
                    .toArray());
        }
    }

    private final Vertx vertx;
    private final PartitionStore store;
    private final @Nullable ForEvents events;
    private final InstantSource clock;
    private final Supplier<List<Tenure>> tenures;
    private final Set<String> skipping = new HashSet<>();
    private long timer;
    private boolean busy;

    /** {@code events} is null where replies are trimmed. */
    Trimmer(
            Vertx vertx,
            PartitionStore store,
            @Nullable ForEvents events,
            InstantSource clock,
            Supplier<List<Tenure>> tenures) {
        this.vertx = vertx;
        this.store = store;
        this.events = events;
        this.clock = clock;
        this.tenures = tenures;
    }

    void start(Context context) {
        context.runOnContext(
                ignored -> timer = vertx.setPeriodic(EVERY_MS, tick -> context.runOnContext(alsoIgnored -> round())));
    }

    void stop() {
        vertx.cancelTimer(timer);
    }

    private void round() {
        if (busy) {
            return;
        }
        busy = true;
        var now = events;
        (now == null
                        ? trim(
                                StreamGroup.Stream.REPLIES,
                                List.of(StreamGroup.DISPATCH.name()),
                                ignored -> Kept.NOTHING)
                        : events(now))
                .onComplete(ignored -> busy = false);
    }

    private Future<Void> events(ForEvents of) {
        return of.subscriptions().rows().compose(rows -> {
            var ready = rows.stream()
                    .filter(row -> row.state() == RegisterRow.State.READY)
                    .toList();
            var names = ready.stream().map(row -> row.subscription().id()).toList();
            var mayBeSkipped = ready.stream()
                    .filter(row -> row.onFull() == Settings.OnFull.SKIP)
                    .map(RegisterRow::subscription)
                    .toList();
            if (of.retain().isZero() && mayBeSkipped.isEmpty()) {
                return trim(StreamGroup.Stream.EVENTS, names, ignored -> Kept.NOTHING);
            }
            return of.halfFull().compose(half -> {
                var now = clock.instant();
                return trim(StreamGroup.Stream.EVENTS, names, partition -> Kept.of(of.retain(), now, half[partition]))
                        .eventually(() -> skip(of, mayBeSkipped, half));
            });
        });
    }

    private Future<Void> trim(StreamGroup.Stream stream, List<String> groups, IntFunction<Kept> kept) {
        var trims = new ArrayList<Future<Long>>();
        for (var tenure : tenures.get()) {
            CrashPoint.at("trim.before");
            trims.add(store.trim(tenure.partition(), stream, groups, kept.apply(tenure.partition()))
                    .onFailure(failure -> {
                        if (failure instanceof GroupMissing) {
                            log.atError()
                                    .addKeyValue("partition", tenure.partition())
                                    .addKeyValue("cause", String.valueOf(failure.getMessage()))
                                    .log("Nothing is trimmed: a group is missing, and Redis will fill up");
                        }
                    }));
        }
        return Future.join(trims).mapEmpty();
    }

    private Future<Void> skip(ForEvents of, List<Subscription> mayBeSkipped, long[] half) {
        var names = mayBeSkipped.stream().map(Subscription::id).toList();
        var all = new ArrayList<Future<Void>>();
        for (var subscription : mayBeSkipped) {
            var steps = new ArrayList<Future<Long>>();
            for (var tenure : tenures.get()) {
                steps.add(skip(of, tenure.partition(), subscription, names, half[tenure.partition()], SKIPS_MAX));
            }
            all.add(Future.all(steps)
                    .map(each -> each.<Long>list().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .onSuccess(skipped -> told(of, subscription, skipped))
                    .mapEmpty());
        }
        return Future.join(all).mapEmpty();
    }

    private static Future<Long> skip(
            ForEvents of, int partition, Subscription subscription, List<String> names, long half, int steps) {
        return of.groups()
                .skip(partition, StreamGroup.of(subscription), half, names)
                .compose(step -> step.more() && steps > 1
                        ? skip(of, partition, subscription, names, half, steps - 1)
                                .map(rest -> rest + step.events())
                        : Future.succeededFuture(step.events()));
    }

    // Said when it starts and when it ends.
    private void told(ForEvents of, Subscription subscription, long skipped) {
        if (skipped > 0) {
            of.metrics().skipped(subscription.name(), skipped);
            if (skipping.add(subscription.id())) {
                log.atWarn()
                        .addKeyValue("subscription", subscription.id())
                        .addKeyValue("events", skipped)
                        .log("A subscription is left behind and fills its streams: its oldest events are skipped");
            }
        } else if (skipping.remove(subscription.id())) {
            log.atInfo()
                    .addKeyValue("subscription", subscription.id())
                    .log("Events of a subscription are skipped no more");
        }
    }
}
