// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import dev.spillway.gateway.async.CrashPoint;
import dev.spillway.gateway.messenger.Event;
import dev.spillway.gateway.messenger.EventJson;
import dev.spillway.gateway.messenger.RawJson;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** Appends over lanes; each partition always goes over the same one. Threads: callers from any context. */
final class RedisEventLog implements EventLog {
    /** A lane, its context, and a store on its connection. */
    record Track(Context context, Lane lane, RedisLink link) {}

    private final Vertx vertx;
    private final List<Track> tracks;
    private final Partitions partitions;
    private final Room room;
    private final LongSupplier nanoClock;

    RedisEventLog(Vertx vertx, List<Track> tracks, Partitions partitions, Room room, LongSupplier nanoClock) {
        this.vertx = vertx;
        this.room = room;
        this.tracks = tracks;
        this.partitions = partitions;
        this.nanoClock = nanoClock;
    }

    @Override
    public Future<Void> append(List<Event> events) {
        CrashPoint.at("append.before");
        var parts = parts(events);
        var stored = home(
                Future.join(parts.stream().map(part -> part.stored().future()).toList()));
        for (var part : parts) {
            var track = tracks.get(part.partition() % tracks.size());
            track.context().runOnContext(ignored -> track.lane().append(part));
            CrashPoint.at("append.part");
        }
        return stored.onComplete(ignored -> CrashPoint.at("append.after"));
    }

    @Override
    public Future<Void> echoed(List<ReplyId> replies) {
        var byPartition = replies.stream()
                .filter(reply -> reply.partition() < partitions.count())
                .collect(Collectors.groupingBy(ReplyId::partition));
        return home(Future.join(byPartition.entrySet().stream()
                .map(reply -> {
                    var track = tracks.get(reply.getKey() % tracks.size());
                    return own(track, link -> new RedisPartitionStore(link).echoed(reply.getKey(), reply.getValue()));
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
        var track = tracks.get(partition % tracks.size());
        var arguments = new Arguments()
                .add(Keys.PREFIX)
                .add(Keys.tag(partition))
                .add(app)
                .add(reason)
                .add(body.copy());
        return home(own(track, link -> link.run(Script.QUARANTINE, Keys.quarantine(partition), arguments.array())));
    }

    // A lane holds its connection's output back while it writes a flush: from another thread a command could be written
    // behind the flush and stay there.
    private static <T> Future<T> own(Track track, Function<RedisLink, Future<T>> command) {
        Promise<T> ended = Promise.promise();
        track.context().runOnContext(ignored -> command.apply(track.link()).onComplete(ended));
        return ended.future();
    }

    // Completes on the caller's own context.
    private Future<Void> home(Future<?> elsewhere) {
        var context = vertx.getOrCreateContext();
        Promise<Void> home = Promise.promise();
        elsewhere.<Void>mapEmpty().onComplete(ended -> context.runOnContext(ignored -> home.handle(ended)));
        return home.future();
    }

    private List<Part> parts(List<Event> events) {
        Map<Integer, ByteArrayOutputStream> lines = new LinkedHashMap<>();
        Map<Integer, Integer> counts = new LinkedHashMap<>();
        for (var event : events) {
            var partition = partitions.of(event.conversation());
            var out = lines.computeIfAbsent(partition, ignored -> new ByteArrayOutputStream(1024));
            if (out.size() > 0) {
                out.write('\n');
            }
            EventJson.append(event, out);
            counts.merge(partition, 1, Integer::sum);
        }
        var now = nanoClock.getAsLong();
        var parts = new ArrayList<Part>(lines.size());
        lines.forEach((partition, out) -> parts.add(
                new Part(partition, out.toByteArray(), counts.getOrDefault(partition, 0), now, Promise.promise())));
        return parts;
    }
}
