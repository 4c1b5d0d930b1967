// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import dev.spillway.gateway.messenger.Bucket;
import dev.spillway.gateway.messenger.EventKey;
import io.lettuce.core.KeyValue;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The partitions in Redis, each move one script. Threads: futures complete on the link's context. */
final class RedisPartitionStore implements PartitionStore {
    private final Links links;
    private final Confirmation sends;

    RedisPartitionStore(Links links) {
        this(links, Confirmation.NONE);
    }

    /** {@code sends} tells what a begun send must have before it may leave. */
    RedisPartitionStore(Links links, Confirmation sends) {
        this.links = links;
        this.sends = sends;
    }

    @Override
    public Future<LeaseAnswer> lease(int partition, StreamGroup group, String owner, Duration ttl, boolean healthy) {
        var arguments = new Arguments().add(owner).add(ttl.toMillis()).add(healthy ? 1 : 0);
        return links.to(partition)
                .run(Script.LEASE, group.leaseKey(partition), arguments.array())
                .map(reply -> {
                    if (number(reply, 0) == 1) {
                        return new LeaseAnswer.Held(
                                new Fence(owner, number(reply, 1)),
                                (int) number(reply, 2),
                                new Suspects(keys(text(reply.get(3))), (int) number(reply, 4)));
                    }
                    return new LeaseAnswer.Refused(Duration.ofMillis(number(reply, 1)));
                });
    }

    @Override
    public Future<Void> release(int partition, StreamGroup group, Fence fence) {
        var arguments = new Arguments().add(fence.owner()).add(fence.epoch());
        return links.to(partition)
                .run(Script.RELEASE, group.leaseKey(partition), arguments.array())
                .mapEmpty();
    }

    private static List<EventKey> keys(String noted) {
        return noted.isEmpty()
                ? List.of()
                : Arrays.stream(noted.split(" ")).map(EventKey::ofHex).toList();
    }

    @Override
    public Future<Void> suspect(int partition, StreamGroup group, Fence fence, List<EventKey> running) {
        var noted = running.stream().map(key -> key.hex() + " ").collect(Collectors.joining());
        return links.to(partition)
                .run(
                        Script.SUSPECT,
                        group.leaseKey(partition),
                        Arguments.fenced(partition, fence).add(noted).array())
                .mapEmpty();
    }

    @Override
    public Future<List<String>> heartbeat(StreamGroup group, String process, Duration ttl) {
        var arguments = new Arguments().add(process).add(ttl.toMillis());
        var key = group.membersKey();
        return links.to(key)
                .run(Script.HEARTBEAT, key, arguments.array())
                .map(reply -> reply.stream().map(RedisPartitionStore::text).toList());
    }

    @Override
    public Future<List<Entry>> take(
            int partition, StreamGroup group, Fence fence, String after, int events, int bytes) {
        var arguments = Arguments.fenced(partition, fence)
                .add(group.streamKey(partition))
                .add(group.name())
                .add(after)
                .add(events)
                .add(bytes);
        return links.to(partition)
                .run(Script.TAKE, group.leaseKey(partition), arguments.array())
                .map(reply -> reply.stream().map(RedisPartitionStore::entry).toList());
    }

    @Override
    public Future<List<Boolean>> seen(int partition, Subscription subscription, Fence fence, List<Guarded> events) {
        var arguments = Arguments.fenced(partition, fence).add(subscription.id());
        events.forEach(event -> guarded(arguments, event));
        return links.to(partition)
                .run(Script.SEEN, StreamGroup.of(subscription).leaseKey(partition), arguments.array())
                .map(reply -> flags(bytes(reply, 0)));
    }

    @Override
    public Future<Committed> commit(
            int partition,
            Subscription subscription,
            Fence fence,
            List<? extends Finished> events,
            List<FinishedEntry> entries) {
        var arguments =
                Arguments.fenced(partition, fence).add(subscription.id()).add(events.size());
        events.forEach(event -> finished(arguments, event));
        arguments.add(entries.size());
        entries.forEach(entry -> arguments.add(entry.id()).add(entry.events()).add(entry.filtered()));
        return links.to(partition)
                .run(Script.COMMIT, StreamGroup.of(subscription).leaseKey(partition), arguments.array())
                .map(reply -> new Committed(flags(bytes(reply, 0)), number(reply, 1)));
    }

    @Override
    public Future<List<JournalWord>> begin(int partition, Fence fence, List<ReplyAttempt> attempts, boolean again) {
        var arguments = Arguments.fenced(partition, fence);
        for (var attempt : attempts) {
            settled(arguments, attempt).add(attempt.attempt()).add(again ? 1 : 0);
        }
        var link = links.to(partition);
        var connection = link.clientId();
        return link.run(Script.BEGIN, StreamGroup.DISPATCH.leaseKey(partition), arguments.array())
                .map(reply -> words(bytes(reply, 0)))
                .compose(words -> sends.isNeeded()
                        ? link.callOn(connection, sends::ask)
                                .compose(enough -> enough
                                        ? Future.succeededFuture(words)
                                        : Future.failedFuture(new NotReplicated()))
                        : Future.succeededFuture(words));
    }

    @Override
    public Future<Void> abort(int partition, Fence fence, ReplyAttempt attempt) {
        return links.to(partition)
                .run(Script.ABORT, Keys.journal(partition), row(fence, attempt))
                .mapEmpty();
    }

    @Override
    public Future<Void> sentLate(int partition, Fence fence, ReplyAttempt attempt) {
        return links.to(partition)
                .run(Script.DONE, Keys.journal(partition), row(fence, attempt))
                .mapEmpty();
    }

    @Override
    public Future<Void> echoed(int partition, List<ReplyId> replies) {
        var arguments = new Arguments();
        replies.forEach(reply -> arguments.add(reply.toString()));
        return links.to(partition)
                .run(Script.ECHO, Keys.journal(partition), arguments.array())
                .mapEmpty();
    }

    @Override
    public Future<List<JournalRow>> rows(int partition, List<ReplyId> replies) {
        var key = Keys.journal(partition).getBytes(StandardCharsets.UTF_8);
        var fields = replies.stream()
                .map(reply -> reply.toString().getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        return links.to(partition)
                .call(redis -> redis.hmget(key, fields))
                .map(values -> values.stream().map(RedisPartitionStore::row).toList());
    }

    @Override
    public Future<Void> settle(int partition, Fence fence, List<? extends Sealed> replies, List<SealedEntry> entries) {
        var arguments = Arguments.fenced(partition, fence).add(replies.size());
        replies.forEach(reply -> sealed(arguments, reply));
        arguments.add(entries.size());
        for (var entry : entries) {
            arguments.add(entry.id()).add(entry.replies().size());
            entry.replies().forEach(reply -> settled(arguments, reply));
        }
        return links.to(partition)
                .run(Script.SETTLE, StreamGroup.DISPATCH.leaseKey(partition), arguments.array())
                .mapEmpty();
    }

    @Override
    public Future<Long> trim(int partition, StreamGroup.Stream stream, List<String> groups, Kept kept) {
        var arguments = new Arguments().add(kept.since()).add(kept.underBytes());
        groups.forEach(arguments::add);
        return links.to(partition)
                .run(Script.TRIM, new StreamGroup(stream, "").streamKey(partition), arguments.array())
                .map(reply -> number(reply, 0));
    }

    @Override
    public Future<Drift> drift(int partition, StreamGroup group, Fence fence, Drift before) {
        var arguments = Arguments.fenced(partition, fence)
                .add(group.streamKey(partition))
                .add(group.name())
                .add(before.lastId())
                .add(before.events());
        return links.to(partition)
                .run(Script.DRIFT, group.leaseKey(partition), arguments.array())
                .map(reply -> new Drift(text(reply.get(0)), number(reply, 1)));
    }

    private static Arguments guarded(Arguments arguments, Guarded event) {
        Bucket bucket = event.bucket();
        return arguments
                .add(String.valueOf(bucket.life().code()))
                .add(String.valueOf(bucket.unit().code()))
                .add(bucket.span())
                .add(event.key().bytes());
    }

    private static void finished(Arguments arguments, Finished finished) {
        guarded(arguments, finished.event());
        switch (finished) {
            case Finished.Done done -> {
                arguments.add("done").add(done.replies().size());
                done.replies().forEach(arguments::add);
            }
            case Finished.Dead dead ->
                arguments.add("dead").add(dead.reason()).add(dead.attempts()).add(dead.bytes());
        }
    }

    private static void sealed(Arguments arguments, Sealed sealed) {
        var attempt = sealed.attempt();
        arguments.add(attempt.reply().toString()).add(sealed.epoch()).add(attempt.attempt());
        switch (sealed) {
            case Sealed.Sent ignored -> arguments.add("DONE");
            case Sealed.Refused refused ->
                arguments
                        .add("REFUSED")
                        .add(attempt.reply().digest())
                        .add(attempt.hour())
                        .add(refused.reason())
                        .add(refused.bytes());
        }
    }

    private static Arguments settled(Arguments arguments, ReplyAttempt attempt) {
        return arguments
                .add(attempt.reply().toString())
                .add(attempt.reply().digest())
                .add(attempt.hour());
    }

    private static byte[][] row(Fence fence, ReplyAttempt attempt) {
        return new Arguments()
                .add(attempt.reply().toString())
                .add(fence.epoch())
                .add(attempt.attempt())
                .array();
    }

    private static Entry entry(Object reply) {
        var parts = (List<?>) reply;
        var id = text(parts.get(0));
        if (!(parts.get(2) instanceof byte[] batch)) {
            throw new GroupMissing("the entry " + id + " has vanished from its stream");
        }
        return new Entry(id, (int) number(parts, 1), batch, number(parts, 3) == 1);
    }

    private static JournalRow row(KeyValue<byte[], byte[]> value) {
        if (!value.hasValue()) {
            return new JournalRow(JournalRow.State.NONE, 0, 0);
        }
        var parts = text(value.getValue()).split(" ", -1);
        return new JournalRow(JournalRow.State.valueOf(parts[0]), Long.parseLong(parts[1]), Integer.parseInt(parts[2]));
    }

    private static List<Boolean> flags(byte[] characters) {
        var flags = new ArrayList<Boolean>(characters.length);
        for (var character : characters) {
            flags.add(character == '1');
        }
        return flags;
    }

    private static List<JournalWord> words(byte[] characters) {
        var words = new ArrayList<JournalWord>(characters.length);
        for (var character : characters) {
            words.add(
                    switch (character) {
                        case 'S' -> JournalWord.SEND;
                        case 'F' -> JournalWord.FINISHED;
                        default -> JournalWord.IN_DOUBT;
                    });
        }
        return words;
    }

    private static long number(List<?> reply, int index) {
        return (Long) reply.get(index);
    }

    private static byte[] bytes(List<?> reply, int index) {
        return (byte[]) reply.get(index);
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }
}
