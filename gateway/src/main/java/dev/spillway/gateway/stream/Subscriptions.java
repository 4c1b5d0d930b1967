// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import dev.spillway.gateway.async.CrashPoint;
import dev.spillway.gateway.async.Timers;
import dev.spillway.gateway.config.Settings;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Who reads: the register of subscriptions in Redis, shared by all processes.
 *
 * <p>A change begins with its row, which says all of it; then come its steps, partition by partition, each of which may
 * be repeated; then the row again. So whoever finds a change that was begun can finish it, and several may at once. A
 * group that is missing otherwise was deleted by hand, and is not made anew: that would skip events without a word.
 *
 * <p>Each change waits for Redis as long as it is away.
 */
public final class Subscriptions {
    private static final int MOST = Settings.BOTS_MAX;

    private static final byte[] REGISTER = bytes(Keys.SUBSCRIPTIONS);
    private static final String LAST = ".last";

    private final Links links;
    private final GroupMoves groups;
    private final Partitions partitions;
    private final Timers timers;

    Subscriptions(Links links, Partitions partitions, Timers timers) {
        this.links = links;
        this.groups = new GroupMoves(links);
        this.partitions = partitions;
        this.timers = timers;
    }

    /** A row, and its text as it stands in Redis. */
    private record Stored(String name, byte[] text, RegisterRow row) {}

    /** What the register holds. {@code last}: the highest generation that was taken out. */
    private record Register(List<Stored> stored, int last) {
        @Nullable
        Stored find(String name) {
            return stored.stream()
                    .filter(one -> one.name().equals(name))
                    .findFirst()
                    .orElse(null);
        }
    }

    /**
     * The subscription of a bot that runs here; made if it is new, finished if a change of it was left half done. Fails
     * with {@link StoreRefused} if there are too many.
     */
    public Future<RegisterRow> register(String name, Settings.Start start, Settings.OnFull onFull) {
        return repeated(() -> read().compose(register -> {
            var found = register.find(name);
            if (found == null) {
                var row = RegisterRow.anew(name, register.last() + 1, start, onFull);
                return replaced(new Stored(name, new byte[0], row), row)
                        .compose(this::finish)
                        .map(Stored::row);
            }
            return finish(found).compose(stored -> change(stored, stored.row().onFull(onFull)));
        }));
    }

    /** The group that takes replies; made once in the life of the data. */
    public Future<Void> dispatch() {
        var key = bytes(Keys.META);
        var ready = bytes("dispatch");
        return repeated(() -> links.to(Keys.META)
                .call(redis -> redis.hexists(key, ready))
                .compose(there -> there
                        ? Future.<Void>succeededFuture()
                        : each(partition -> groups.subscribe(partition, StreamGroup.DISPATCH, RegisterRow.KEPT, null)
                                        .mapEmpty())
                                .compose(made -> links.to(Keys.META)
                                        .call(redis -> redis.hset(key, Map.of(ready, bytes("ready")))))
                                .mapEmpty()));
    }

    /** All rows, by name. Fails with {@link StoreUnavailable}. */
    public Future<List<RegisterRow>> rows() {
        return read().map(
                        register -> register.stored().stream().map(Stored::row).toList());
    }

    /** How far each is. Fails with {@link StoreUnavailable}. */
    public Future<List<SubscriptionStatus>> status() {
        return rows().compose(rows -> Future.all(IntStream.range(0, partitions.count())
                        .mapToObj(partition -> groups.backlog(partition, rows))
                        .toList())
                .map(all -> SubscriptionStatus.of(rows, all.list())));
    }

    /** Gives its bot nothing more, or again something. Fails with {@link NoSuchSubscription}. */
    public Future<RegisterRow> pause(String name, boolean paused) {
        return repeated(
                () -> find(name).compose(found -> change(found, found.row().paused(paused))));
    }

    /**
     * Reads again, as a new generation, what was received since a time, or all that is kept; from what is not finished
     * yet on at the latest. If that very reset was begun before, it is only finished. Fails with {@link
     * NoSuchSubscription}.
     *
     * @param send whether replies to what was finished before are sent once more
     */
    public Future<RegisterRow> reset(String name, @Nullable Instant since, boolean send) {
        var from = since == null ? RegisterRow.KEPT : RegisterRow.time(since);
        var begun = new AtomicInteger(Integer.MAX_VALUE);
        return repeated(() -> find(name).compose(found -> {
            var row = found.row();
            if (row.isUnfinished()) {
                var same = row.isResetTo(from, send);
                return finish(found)
                        .compose(stored -> same ? Future.succeededFuture(stored.row()) : changedMeanwhile());
            }
            if (row.subscription().generation() >= begun.get()) {
                return Future.succeededFuture(row); // Only the answer was lost.
            }
            var next = row.reset(from, send);
            begun.set(next.subscription().generation());
            return replaced(found, next).compose(this::finish).map(Stored::row);
        }));
    }

    /** Takes it out with all that is its own. Fails with {@link NoSuchSubscription}. */
    public Future<Void> remove(String name) {
        var begun = new AtomicBoolean();
        return repeated(() -> find(name)
                .compose(found -> {
                    begun.set(true);
                    return replaced(found, found.row().with(RegisterRow.State.REMOVING));
                })
                .compose(this::takeOut)
                .recover(failure -> failure instanceof NoSuchSubscription && begun.get()
                        ? Future.succeededFuture() // Only the answer was lost.
                        : Future.failedFuture(failure)));
    }

    // Does what the row says is still to be done. One that was to be removed is, and then it is looked at anew.
    private Future<Stored> finish(Stored stored) {
        var row = stored.row();
        CrashPoint.at("register.step");
        return switch (row.state()) {
            case CREATING ->
                create(row)
                        .compose(made -> replaced(stored, row.with(RegisterRow.State.READY)))
                        .compose(this::finish);
            case READY ->
                row.older() == 0
                        ? Future.succeededFuture(stored)
                        : drop(older(row)).compose(dropped -> replaced(stored, row.withoutOlder()));
            case REMOVING -> takeOut(stored).compose(gone -> changedMeanwhile());
        };
    }

    private Future<Void> takeOut(Stored stored) {
        var row = stored.row();
        return (row.older() == 0 ? Future.<Void>succeededFuture() : drop(older(row)))
                .compose(ignored -> drop(row.subscription()))
                .compose(ignored -> replace(stored, row, ""));
    }

    private static Subscription older(RegisterRow row) {
        return new Subscription(row.subscription().name(), row.older());
    }

    private Future<Void> create(RegisterRow row) {
        var group = StreamGroup.of(row.subscription());
        var older = row.older() == 0 ? null : StreamGroup.of(older(row));
        return each(partition -> groups.subscribe(partition, group, row.position(), older)
                .compose(made -> {
                    CrashPoint.at("group.made");
                    return made ? Future.<Void>succeededFuture() : changedMeanwhile();
                }));
    }

    private Future<Void> drop(Subscription subscription) {
        var group = StreamGroup.of(subscription);
        return each(partition -> groups.drop(partition, group).onSuccess(ignored -> CrashPoint.at("group.dropped")))
                .compose(ignored -> links.to(group.membersKey()).call(redis -> redis.del(bytes(group.membersKey()))))
                .mapEmpty();
    }

    // One after the other: a step may cost Redis some milliseconds, and others come between.
    private Future<Void> each(IntFunction<Future<Void>> step) {
        var all = Future.<Void>succeededFuture();
        for (var partition = 0; partition < partitions.count(); partition++) {
            var which = partition;
            all = all.compose(ignored -> step.apply(which));
        }
        return all;
    }

    private Future<RegisterRow> change(Stored seen, RegisterRow next) {
        return next.equals(seen.row())
                ? Future.succeededFuture(next)
                : replaced(seen, next).map(Stored::row);
    }

    private Future<Stored> replaced(Stored seen, RegisterRow next) {
        var json = next.json();
        return replace(seen, next, json).map(ignored -> new Stored(seen.name(), bytes(json), next));
    }

    private Future<Void> replace(Stored seen, RegisterRow next, String json) {
        var arguments = new Arguments()
                .add(seen.name())
                .add(seen.text())
                .add(json)
                .add(next.subscription().generation())
                .add(MOST);
        return links.to(Keys.SUBSCRIPTIONS)
                .run(Script.REGISTER, Keys.SUBSCRIPTIONS, arguments.array())
                .compose(reply -> {
                    var answer = (Long) reply.getFirst();
                    if (answer < 0) {
                        return Future.failedFuture(
                                new StoreRefused(List.of("spillway.bots." + seen.name() + ": there are "
                                        + MOST + " subscriptions already (expected: at most " + MOST
                                        + ", since each reads every event; `spillway subscription list` shows which,"
                                        + " `remove` takes one out)")));
                    }
                    return answer == 1 ? Future.<Void>succeededFuture() : changedMeanwhile();
                });
    }

    private Future<Stored> find(String name) {
        return read().compose(register -> {
            var found = register.find(name);
            return found == null ? Future.failedFuture(new NoSuchSubscription(name)) : Future.succeededFuture(found);
        });
    }

    private Future<Register> read() {
        return links.to(Keys.SUBSCRIPTIONS)
                .call(redis -> redis.hgetall(REGISTER))
                .map(fields -> {
                    var stored = new ArrayList<Stored>();
                    var last = 0;
                    for (var field : fields.entrySet()) {
                        var name = new String(field.getKey(), StandardCharsets.UTF_8);
                        if (name.equals(LAST)) {
                            last = Integer.parseInt(new String(field.getValue(), StandardCharsets.UTF_8));
                        } else {
                            stored.add(new Stored(name, field.getValue(), RegisterRow.parse(name, field.getValue())));
                        }
                    }
                    stored.sort(Comparator.comparing(Stored::name));
                    return new Register(stored, last);
                });
    }

    private <T> Future<T> repeated(Supplier<Future<T>> change) {
        return timers.until(change, StoreUnavailable.class::isInstance);
    }

    // Looked at anew by whoever repeats.
    private static <T> Future<T> changedMeanwhile() {
        return Future.failedFuture(new StoreUnavailable("the register has changed meanwhile"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
