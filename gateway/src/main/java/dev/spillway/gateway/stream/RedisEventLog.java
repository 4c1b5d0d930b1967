// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import dev.spillway.gateway.async.CrashPoint;
import dev.spillway.gateway.messenger.Event;
import dev.spillway.gateway.messenger.EventJson;
import dev.spillway.gateway.messenger.LineBuffer;
import dev.spillway.gateway.messenger.RawJson;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** Appends over lanes; each partition always goes over the same one. Threads: callers from any context. */
final class RedisEventLog implements EventLog {
    /** A lane, its context, and its connections. */
    record Track(Context context, Lane lane, Links links, Homeward homeward) {}

    /** What an event's line has beside the platform's own bytes, and a bit more. */
    private static final int LINE_ROOM = 448;

    private static final class Lines {
        private final LineBuffer lines = new LineBuffer(1024);
        private int events;
    }

    private final Vertx vertx;
    private final Track[] tracks;
    private final Partitions partitions;
    private final Room room;
    private final LongSupplier nanoClock;

    /** {@code tracks}: for each partition. */
    RedisEventLog(Vertx vertx, Track[] tracks, Partitions partitions, Room room, LongSupplier nanoClock) {
        this.vertx = vertx;
        this.room = room;
        this.tracks = tracks.clone();
        this.partitions = partitions;
        this.nanoClock = nanoClock;
    }

    @Override
    public Future<Void> append(List<Event> events) {
        CrashPoint.at("append.before");
        var home = (ContextInternal) vertx.getOrCreateContext();
        var now = nanoClock.getAsLong();
        if (events.size() == 1) {
            var append = new Append(home, 1);
            var event = events.getFirst();
            var line = new LineBuffer(LINE_ROOM + event.raw().length());
            EventJson.append(event, line);
            hand(append, partitions.of(event.conversation()), line, 1, now);
            return append.stored();
        }
        var lines = linesByPartition(events);
        var append = new Append(home, lines.size());
        lines.forEach((partition, some) -> hand(append, partition, some.lines, some.events, now));
        return append.stored();
    }

    private void hand(Append append, int partition, LineBuffer lines, int events, long now) {
        var track = tracks[partition];
        var part = new Part(partition, lines.toByteArray(), events, now, append.part(track.homeward()));
        track.context().runOnContext(ignored -> track.lane().append(part));
        CrashPoint.at("append.part");
    }

    @Override
    public Future<Void> echoed(List<ReplyId> replies) {
        var byPartition = replies.stream()
                .filter(reply -> reply.partition() < partitions.count())
                .collect(Collectors.groupingBy(ReplyId::partition));
        return home(Future.join(byPartition.entrySet().stream()
                .map(reply -> {
                    var track = tracks[reply.getKey()];
                    return own(track, links -> new RedisPartitionStore(links).echoed(reply.getKey(), reply.getValue()));
                })
                .toList()));
    }

    @Override
    public double fullness(String conversation) {
        return room.fullness(partitions.of(conversation));
    }

    @Override
    public double fullness() {
        return room.fullest();
    }

    @Override
    public Future<Void> quarantine(String app, String reason, RawJson body) {
        var partition = partitions.of(app);
        var track = tracks[partition];
        var arguments = new Arguments()
                .add(Keys.PREFIX)
                .add(Keys.tag(partition))
                .add(app)
                .add(reason)
                .add(body.copy());
        return home(own(track, links -> links.to(partition)
                .run(Script.QUARANTINE, Keys.quarantine(partition), arguments.array())));
    }

    // A lane holds its connection's output back while it writes a flush: from another thread a command could be written
    // behind the flush and stay there.
    private static <T> Future<T> own(Track track, Function<Links, Future<T>> command) {
        Promise<T> ended = Promise.promise();
        track.context().runOnContext(ignored -> command.apply(track.links()).onComplete(ended));
        return ended.future();
    }

    // Completes on the caller's own context.
    private Future<Void> home(Future<?> elsewhere) {
        var context = vertx.getOrCreateContext();
        Promise<Void> home = Promise.promise();
        elsewhere.<Void>mapEmpty().onComplete(ended -> context.runOnContext(ignored -> home.handle(ended)));
        return home.future();
    }

    private Map<Integer, Lines> linesByPartition(List<Event> events) {
        Map<Integer, Lines> byPartition = new LinkedHashMap<>();
        for (var event : events) {
            var some = byPartition.computeIfAbsent(partitions.of(event.conversation()), ignored -> new Lines());
            if (some.events++ > 0) {
                some.lines.write('\n');
            }
            EventJson.append(event, some.lines);
        }
        return byPartition;
    }
}
