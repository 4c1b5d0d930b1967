// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import dev.spillway.gateway.messenger.EventJson;
import dev.spillway.gateway.messenger.LineBuffer;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What is kept for people, of all partitions: signed bodies that nobody can read, or dead letters.
 *
 * <p>For a command on a connection of its own: every method waits for Redis, two seconds at most per call of it, and
 * throws {@link io.lettuce.core.RedisException}. An id is the partition and the entry, as in {@code 9-1700000000000-0}.
 */
public final class Shelf implements AutoCloseable {
    /** Which of the two. */
    public enum Kind {
        QUARANTINE("qr"),
        DEAD_LETTERS("dl");

        private final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    /**
     * One of them.
     *
     * @param about what else is known of it, such as its reason
     * @param body the bytes themselves; none where many are listed
     */
    public record Item(String id, Instant at, long bytes, Map<String, String> about, byte[] body) {
        @Override
        public String toString() {
            return "Item[" + id + "]";
        }
    }

    private static final Pattern ID = Pattern.compile("(?<partition>[0-9]{1,4})-(?<entry>[0-9]{1,19}-[0-9]{1,19})");
    private static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);
    /** A body may have a MiB, and more with another setting. */
    private static final int AT_A_TIME = 8;

    private final AbstractRedisClient client;
    private final RedisClusterCommands<String, byte[]> redis;
    private final Kind kind;

    private Shelf(AbstractRedisClient client, RedisClusterCommands<String, byte[]> redis, Kind kind) {
        this.client = client;
        this.redis = redis;
        this.kind = kind;
    }

    /** Connects. */
    public static Shelf open(RedisAccess access, Kind kind) {
        if (access.cluster()) {
            var client = RedisClusterClient.create(access.uris());
            client.setOptions(access.clusterOptions());
            return open(client, () -> client.connect(CODEC).sync(), kind);
        }
        var client = RedisClient.create(access.first());
        client.setOptions(access.options());
        return open(client, () -> client.connect(CODEC).sync(), kind);
    }

    private static Shelf open(
            AbstractRedisClient client, Supplier<RedisClusterCommands<String, byte[]>> connect, Kind kind) {
        try {
            return new Shelf(client, connect.get(), kind);
        } catch (RuntimeException failed) {
            client.shutdown(Duration.ZERO, Duration.ZERO);
            throw failed;
        }
    }

    /** The newest ones first, without their bodies. */
    public List<Item> newest(int most) {
        var newest = new ArrayList<Item>();
        for (var partition : partitions()) {
            var before = Range.Boundary.<String>unbounded();
            for (var read = 0; read < most; read += AT_A_TIME) {
                var page = redis.xrevrange(
                        key(partition), Range.from(Range.Boundary.unbounded(), before), Limit.from(AT_A_TIME));
                page.forEach(message -> newest.add(item(partition, message, false)));
                if (page.size() < AT_A_TIME) {
                    break;
                }
                before = Range.Boundary.excluding(page.getLast().getId());
            }
        }
        return newest.stream()
                .sorted(Comparator.comparing(Item::at).reversed())
                .limit(most)
                .toList();
    }

    /** The one with this id. */
    public Optional<Item> find(String id) {
        var parts = ID.matcher(id);
        if (!parts.matches()) {
            return Optional.empty();
        }
        var partition = Integer.parseInt(parts.group("partition"));
        var entry = parts.group("entry");
        return redis.xrange(key(partition), Range.create(entry, entry)).stream()
                .findFirst()
                .map(message -> item(partition, message, true));
    }

    /** Takes the one with this id out; false if there is none. */
    public boolean purge(String id) {
        var parts = ID.matcher(id);
        return parts.matches() && purge(Integer.parseInt(parts.group("partition")), List.of(parts.group("entry"))) == 1;
    }

    /** What became of a dead letter that was to be sent once more. */
    public enum Redriven {
        DONE,
        MISSING,
        /** It is a reply, and replies leave once. */
        A_REPLY,
        UNREADABLE
    }

    /** Sends the event of a dead letter once more, to the subscription that gave it up, and takes the letter out. */
    public Redriven redrive(String id) {
        var letter = find(id).orElse(null);
        var parts = ID.matcher(id);
        if (letter == null || !parts.matches()) {
            return Redriven.MISSING;
        }
        var subscription = letter.about().getOrDefault("of", "");
        var dot = subscription.lastIndexOf('.');
        if (dot < 1) {
            return Redriven.A_REPLY;
        }
        if (!(EventJson.read(letter.body(), 0, letter.body().length) instanceof EventJson.Reading.Ok(var event))) {
            return Redriven.UNREADABLE;
        }
        var line = new LineBuffer(letter.body().length + 64);
        EventJson.append(event.redriven(subscription.substring(0, dot)), line);
        var partition = Integer.parseInt(parts.group("partition"));
        var arguments = new Arguments()
                .add(Keys.PREFIX)
                .add(Keys.tag(partition))
                .add(parts.group("entry"))
                .add(line.toByteArray());
        Long done = redis.eval(
                Script.REDRIVE.text(), ScriptOutputType.INTEGER, new String[] {key(partition)}, arguments.array());
        return done == 1 ? Redriven.DONE : Redriven.MISSING;
    }

    /** Takes all out, but for what comes meanwhile; returns how many. */
    public long purgeAll() {
        var gone = 0L;
        for (var partition : partitions()) {
            var last = redis.xrevrange(key(partition), Range.unbounded(), Limit.from(1));
            if (last.isEmpty()) {
                continue;
            }
            var range = Range.from(
                    Range.Boundary.<String>unbounded(),
                    Range.Boundary.including(last.getFirst().getId()));
            while (true) {
                var ids = redis.xrange(key(partition), range, Limit.from(AT_A_TIME)).stream()
                        .map(StreamMessage::getId)
                        .toList();
                if (ids.isEmpty()) {
                    break;
                }
                gone += purge(partition, ids);
            }
        }
        return gone;
    }

    private long purge(int partition, List<String> entries) {
        var arguments =
                new Arguments().add(Keys.PREFIX).add(Keys.tag(partition)).add(kind.word);
        entries.forEach(arguments::add);
        Long gone = redis.eval(
                Script.PURGE.text(), ScriptOutputType.INTEGER, new String[] {key(partition)}, arguments.array());
        return gone;
    }

    private List<Integer> partitions() {
        var count = redis.hget(Keys.META, "partitions");
        return count == null
                ? List.of()
                : IntStream.range(0, Integer.parseInt(text(count))).boxed().toList();
    }

    private String key(int partition) {
        return switch (kind) {
            case QUARANTINE -> Keys.quarantine(partition);
            case DEAD_LETTERS -> Keys.deadLetters(partition);
        };
    }

    private static Item item(int partition, StreamMessage<String, byte[]> message, boolean whole) {
        var body = message.getBody().getOrDefault("b", new byte[0]);
        var about = new TreeMap<String, String>();
        message.getBody().forEach((field, value) -> {
            if (field.length() > 1) {
                about.put(field, text(value));
            }
        });
        var at = Long.parseLong(text(message.getBody().getOrDefault("t", new byte[] {'0'})));
        return new Item(
                partition + "-" + message.getId(),
                Instant.ofEpochMilli(at),
                body.length,
                about,
                whole ? body : new byte[0]);
    }

    private static String text(byte[] bytes) {
        return StringCodec.UTF8.decodeValue(ByteBuffer.wrap(bytes));
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
}
