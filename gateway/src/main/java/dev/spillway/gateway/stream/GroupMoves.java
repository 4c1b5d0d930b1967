// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What is done to groups as such, in one partition, each move one script: made, dropped, skipped ahead, looked at. All
 * may be repeated, and fail with {@link StoreUnavailable} when it is not known whether they happened.
 */
final class GroupMoves {
    /** What a step of skipping did. {@code more}: the stream still takes too much. */
    record Skipped(long events, boolean more) {}

    private final Links links;

    GroupMoves(Links links) {
        this.links = links;
    }

    /** Makes a group at a position, in place of an older one if there is one. False if it is gone for good. */
    Future<Boolean> subscribe(int partition, StreamGroup group, String from, @Nullable StreamGroup older) {
        var arguments = named(partition, group).add(from);
        if (older != null) {
            arguments.add(older.name()).add(older.leaseKey(partition));
        }
        return links.to(partition)
                .run(Script.SUBSCRIBE, Keys.counters(partition), arguments.array())
                .map(reply -> number(reply.getFirst()) >= 0);
    }

    /** Removes all of a group; many steps if it has finished much. */
    Future<Void> drop(int partition, StreamGroup group) {
        return links.to(partition)
                .run(
                        Script.DROP,
                        Keys.counters(partition),
                        named(partition, group).array())
                .compose(reply ->
                        number(reply.getFirst()) == 1 ? drop(partition, group) : Future.<Void>succeededFuture());
    }

    /** Skips a step of what this group has not finished, if the stream takes more than these bytes. */
    Future<Skipped> skip(int partition, StreamGroup group, long bytes, List<String> mayBeSkipped) {
        var arguments = named(partition, group).add(bytes);
        mayBeSkipped.forEach(arguments::add);
        return links.to(partition)
                .run(Script.SKIP, Keys.counters(partition), arguments.array())
                .map(reply -> new Skipped(number(reply.get(0)), number(reply.get(1)) == 1));
    }

    /** How far these groups are. */
    Future<SubscriptionStatus.InPartition> backlog(int partition, List<RegisterRow> rows) {
        var arguments =
                new Arguments().add(Keys.PREFIX).add(Keys.tag(partition)).add(Keys.in(partition));
        rows.forEach(row -> arguments.add(row.subscription().id()));
        return links.to(partition)
                .run(Script.BACKLOG, Keys.counters(partition), arguments.array())
                .map(reply -> new SubscriptionStatus.InPartition(
                        number(reply.getFirst()),
                        reply.stream().skip(1).map(GroupMoves::ofGroup).toList()));
    }

    /** Which events a subscription that was reset reads again. */
    Future<Replayed> replayed(int partition, Subscription subscription) {
        var key = Keys.PREFIX + "replay:" + Keys.tag(partition) + ":" + subscription.id();
        return links.to(partition)
                .call(redis -> redis.hgetall(key.getBytes(StandardCharsets.UTF_8)))
                .map(Replayed::of);
    }

    /** The most bytes for each of so many partitions, by the {@code maxmemory} of its server; 0 if it has none. */
    Future<double[]> caps(Room.Limits limits, int partitions) {
        var caps = new double[partitions];
        var all = links.all().stream().map(link -> caps(link, limits, caps)).toList();
        return Future.all(all).map(caps);
    }

    private Future<Void> caps(RedisLink link, Room.Limits limits, double[] caps) {
        var there = IntStream.range(0, caps.length)
                .filter(partition -> links.to(partition) == link)
                .toArray();
        return link.call(redis -> redis.info("memory")).map(info -> {
            var maxmemory = Double.parseDouble(ServerInfo.parse(info).getOrDefault("maxmemory", "0"));
            for (var partition : there) {
                caps[partition] = limits.cap(maxmemory, there.length);
            }
            return null;
        });
    }

    private static Arguments named(int partition, StreamGroup group) {
        return new Arguments()
                .add(Keys.PREFIX)
                .add(Keys.tag(partition))
                .add(group.streamKey(partition))
                .add(group.name())
                .add(group.leaseKey(partition));
    }

    private static SubscriptionStatus.OfGroup ofGroup(Object reply) {
        var parts = (List<?>) reply;
        return new SubscriptionStatus.OfGroup(
                number(parts.get(0)),
                SubscriptionStatus.time(text(parts.get(1))),
                number(parts.get(2)),
                number(parts.get(3)),
                number(parts.get(4)),
                number(parts.get(5)),
                text(parts.get(6)));
    }

    private static long number(Object reply) {
        return (Long) reply;
    }

    private static String text(Object reply) {
        return new String((byte[]) reply, StandardCharsets.UTF_8);
    }
}
