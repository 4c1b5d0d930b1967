// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import dev.spillway.gateway.async.CrashPoint;
import dev.spillway.gateway.async.Timers;
import dev.spillway.gateway.messenger.EventJson;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection of one lane: writes flushes, waits for replicas where the durability asks for them, and after a
 * failover appends once more what the lost server had acknowledged, before anything new.
 *
 * <p>Threads: owned by its lane's context.
 */
final class AppendLink implements Lane.Flush {
    private static final Logger log = LoggerFactory.getLogger(AppendLink.class);
    private static final Duration ASK_AGAIN = Duration.ofMillis(50);

    private final RedisLink link;
    private final Confirmation confirmation;
    private final Acknowledged acknowledged;
    private final Timers timers;
    private final LongSupplier nanoClock;
    private final StreamMetrics metrics;

    private final IntPredicate here;

    private final OwedCounts counts = new OwedCounts();
    private final Set<Integer> adopted = new HashSet<>();
    private @Nullable ServerGeneration known;
    private @Nullable Future<Void> repair;
    private boolean unconfirmed;

    /** {@code here}: which partitions of the lane this server has; all of them, but in a cluster. */
    AppendLink(
            RedisLink link,
            Confirmation confirmation,
            Acknowledged acknowledged,
            Timers timers,
            LongSupplier nanoClock,
            StreamMetrics metrics,
            IntPredicate here) {
        this.link = link;
        this.here = here;
        this.confirmation = confirmation;
        this.acknowledged = acknowledged;
        this.timers = timers;
        this.nanoClock = nanoClock;
        this.metrics = metrics;
        // Also when nothing new comes: what was lost must not wait for it.
        link.onConnected(this::repaired);
    }

    /** The partition came from another server, which may have lost the last of what it acknowledged. */
    void adopt(int partition) {
        adopted.add(partition);
        repaired();
    }

    @Override
    public Future<List<Future<?>>> write(List<Batch> batches, long deadlineNanos) {
        return repaired().compose(ignored -> append(batches, deadlineNanos));
    }

    private Future<List<Future<?>>> append(List<Batch> batches, long deadlineNanos) {
        var connection = link.clientId();
        if (unconfirmed) {
            // Replicas are missing: no more is written that would only wait for them too, and come again.
            return confirm(connection, deadlineNanos).compose(ignored -> write(batches, deadlineNanos));
        }
        var commands = new ArrayList<PlainCommand>(batches.size());
        for (var batch : batches) {
            commands.add(PlainCommand.append(batch.partition(), batch.lines(), batch.events()));
        }
        counts.ride(commands);
        var flush = link.dispatch(commands).onSuccess(ends -> count(batches, ends));
        var sure = confirmation.isNeeded() ? flush.compose(ends -> confirmed(ends, connection, deadlineNanos)) : flush;
        return sure.onSuccess(ends -> keep(batches, ends));
    }

    // What is appended but not confirmed has failed, for who waits for it.
    private Future<List<Future<?>>> confirmed(List<Future<?>> ends, long connection, long deadlineNanos) {
        return confirm(connection, deadlineNanos)
                .map(ignored -> ends)
                .recover(failure -> Future.succeededFuture(ends.stream()
                        .<Future<?>>map(end -> end.succeeded() ? Future.failedFuture(failure) : end)
                        .toList()));
    }

    // Behind the appends there may be counts, whose ends matter to nobody.
    private void count(List<Batch> batches, List<Future<?>> ends) {
        for (var i = 0; i < batches.size(); i++) {
            if (ends.get(i).succeeded()) {
                counts.add(batches.get(i).partition(), batches.get(i).events());
            }
        }
    }

    private void keep(List<Batch> batches, List<Future<?>> ends) {
        var now = nanoClock.getAsLong();
        for (var i = 0; i < batches.size(); i++) {
            if (ends.get(i).succeeded()) {
                acknowledged.add(batches.get(i), now);
            }
        }
    }

    @Override
    public void rest() {
        if (!counts.isEmpty()) {
            link.dispatch(counts.all());
        }
    }

    // Only the question is repeated, never the write, and only on the connection that wrote: any other would be told
    // that nothing of its own is missing.
    private Future<Void> confirm(long connection, long deadlineNanos) {
        unconfirmed = true;
        return link.callOn(connection, confirmation::ask).compose(enough -> {
            if (enough) {
                unconfirmed = false;
                return Future.succeededFuture();
            }
            if (nanoClock.getAsLong() >= deadlineNanos) {
                metrics.unconfirmed();
                return Future.failedFuture(new NotReplicated());
            }
            return timers.after(ASK_AGAIN).compose(ignored -> confirm(connection, deadlineNanos));
        });
    }

    /** Completes when what another server had acknowledged is appended to the one that answers now. */
    private Future<Void> repaired() {
        var now = link.generation();
        if (now == null) {
            return Future.failedFuture(new StoreUnavailable("no connection to Redis"));
        }
        if (now.equals(known) && adopted.isEmpty()) {
            return Future.succeededFuture();
        }
        if ((known == null && adopted.isEmpty()) || acknowledged.isEmpty()) {
            known = now;
            adopted.clear();
            return Future.succeededFuture();
        }
        if (repair == null) {
            var anew = known != null && !now.equals(known);
            var some = Set.copyOf(adopted);
            repair = repair(now, partition -> (anew && here.test(partition)) || some.contains(partition))
                    .onSuccess(ignored -> {
                        if (now.equals(link.generation())) {
                            known = now;
                            adopted.removeAll(some);
                        }
                    })
                    .onComplete(ignored -> repair = null);
        }
        return repair.compose(ignored -> repaired());
    }

    private Future<Void> repair(ServerGeneration now, IntPredicate which) {
        var connection = link.clientId();
        Future<Void> done = Future.succeededFuture();
        for (var chunk : acknowledged.chunks()) {
            var some = chunk.stream().filter(one -> which.test(one.partition())).toList();
            done = done.compose(ignored -> some.isEmpty() ? Future.succeededFuture() : again(now, some));
        }
        return done.compose(ignored -> confirmation.isNeeded()
                        ? confirm(connection, nanoClock.getAsLong())
                        : Future.<Void>succeededFuture())
                .onSuccess(ignored -> log.atWarn()
                        .log("Redis is another server, or has started anew: what it acknowledged last is appended once"
                                + " more"));
    }

    private Future<Void> again(ServerGeneration now, List<Acknowledged.Lines> chunk) {
        if (!now.equals(link.generation())) {
            return Future.failedFuture(new StoreUnavailable("Redis changed while its last events were repaired"));
        }
        CrashPoint.at("repair.before");
        var commands = chunk.stream()
                .map(one -> PlainCommand.append(one.partition(), EventJson.repaired(one.lines()), one.events()))
                .toList();
        return link.dispatch(commands)
                .compose(Future::all)
                .onSuccess(ignored -> {
                    chunk.forEach(one -> counts.add(one.partition(), one.events()));
                    rest();
                    metrics.repaired(
                            chunk.stream().mapToInt(Acknowledged.Lines::events).sum());
                })
                .mapEmpty();
    }
}
