// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.gateway.kit.RedisRig;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.models.stream.PendingMessage;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The scripts on a real server. Its clock is not touched: instead all leases and members move against it. */
final class RedisStoreRig implements StoreRig {
    private static final Limit ALL = Limit.unlimited();

    private final RedisRig redis;
    private final Vertx vertx = Vertx.vertx();
    private final RedisClient client = RedisClient.create();
    final RedisLink link;
    private final RedisPartitionStore store;

    RedisStoreRig(RedisRig redis) {
        this(redis, Scripts.STANDARD);
    }

    RedisStoreRig(RedisRig redis, Scripts scripts) {
        this.redis = redis;
        // So that trimming, which drops whole nodes only, is exact.
        redis.configSet("stream-node-max-entries", "1");
        client.setOptions(RedisOptions.NEVER_REPLAY);
        var route = Route.to(RedisURI.create(redis.uri()));
        link = new RedisLink(
                vertx, vertx.getOrCreateContext(), client, route, "contract", RedisOptions.ANSWER_MAX, scripts);
        Ends.ofAny(link.connect());
        store = new RedisPartitionStore(Links.of(link));
    }

    @Override
    public PartitionStore store() {
        return store;
    }

    @Override
    public void subscribe(int partition, StreamGroup group) {
        Ends.ofAny(new GroupMoves(Links.of(link)).subscribe(partition, group, RegisterRow.KEPT, null));
    }

    @Override
    public String append(int partition, List<byte[]> lines) {
        var batch = String.join(
                "\n", lines.stream().map(line -> new String(line, UTF_8)).toList());
        var fields = new LinkedHashMap<String, String>();
        fields.put("n", Integer.toString(lines.size()));
        fields.put("b", batch);
        var id = redis.client().xadd(Keys.in(partition), fields);
        redis.client().hincrby(Keys.counters(partition), "added", lines.size());
        return id;
    }

    @Override
    public void miscount(int partition, long events) {
        redis.client().hincrby(Keys.counters(partition), "added", events);
    }

    @Override
    public void pass(Duration time) {
        for (var key : redis.client().keys("g1:own*")) {
            redis.client().hincrby(key, "x", -time.toMillis());
        }
        for (var key : redis.client().keys("g1:members:*")) {
            for (var member : redis.client().zrange(key, 0, -1)) {
                redis.client().zincrby(key, (double) -time.toMillis(), member);
            }
        }
    }

    @Override
    public void vanish(int partition, StreamGroup.Stream stream, String id) {
        redis.client().xdel(new StreamGroup(stream, "").streamKey(partition), id);
    }

    @Override
    public void dropGroup(int partition, StreamGroup group) {
        redis.client().xgroupDestroy(group.streamKey(partition), group.name());
    }

    @Override
    public Map<String, Long> counters(int partition) {
        var counters = new TreeMap<String, Long>();
        redis.client()
                .hgetall(Keys.counters(partition))
                .forEach((name, count) -> counters.put(name, Long.valueOf(count)));
        counters.values().removeIf(count -> count == 0);
        return counters;
    }

    @Override
    public List<String> pending(int partition, StreamGroup group) {
        return redis
                .client()
                .xpending(group.streamKey(partition), group.name(), Range.unbounded(), Limit.from(10_000))
                .stream()
                .map(PendingMessage::getId)
                .toList();
    }

    @Override
    public List<String> entries(int partition, StreamGroup.Stream stream) {
        return entries(partition, new StreamGroup(stream, ""));
    }

    @Override
    public List<String> entries(int partition, StreamGroup group) {
        return redis.client().xrange(group.streamKey(partition), Range.unbounded(), ALL).stream()
                .map(StreamMessage::getId)
                .toList();
    }

    @Override
    public boolean redrive(int partition, int letter, byte[] line) {
        var letters = redis.client().xrange(Keys.deadLetters(partition), Range.unbounded(), ALL);
        var id = letter < letters.size() ? letters.get(letter).getId() : "0-1";
        var arguments = new Arguments()
                .add(Keys.PREFIX)
                .add(Keys.tag(partition))
                .add(id)
                .add(line);
        return Ends.of(link.run(Script.REDRIVE, Keys.deadLetters(partition), arguments.array()))
                .getFirst()
                .equals(1L);
    }

    @Override
    public void reset(int partition, StreamGroup group, StreamGroup older) {
        Ends.ofAny(new GroupMoves(Links.of(link)).subscribe(partition, group, RegisterRow.KEPT, older));
    }

    @Override
    public Replayed replayed(int partition, Subscription subscription) {
        return Ends.of(new GroupMoves(Links.of(link)).replayed(partition, subscription));
    }

    @Override
    public void drop(int partition, StreamGroup group) {
        Ends.of(new GroupMoves(Links.of(link)).drop(partition, group));
    }

    @Override
    public List<String> replies(int partition) {
        return redis.client().xrange(Keys.out(partition), Range.unbounded(), ALL).stream()
                .flatMap(message -> field(message.getBody(), "b").lines())
                .toList();
    }

    @Override
    public Map<String, JournalRow> journal(int partition) {
        var rows = new TreeMap<String, JournalRow>();
        redis.client().hgetall(Keys.journal(partition)).forEach((rid, row) -> {
            var parts = row.split(" ", -1);
            rows.put(
                    rid,
                    new JournalRow(
                            JournalRow.State.valueOf(parts[0]), Long.parseLong(parts[1]), Integer.parseInt(parts[2])));
        });
        return rows;
    }

    @Override
    public List<ModelPartition.Letter> letters(int partition) {
        return redis.client().xrange(Keys.deadLetters(partition), Range.unbounded(), ALL).stream()
                .map(StreamMessage::getBody)
                .map(body -> new ModelPartition.Letter(
                        field(body, "of"),
                        field(body, "reason"),
                        Integer.parseInt(field(body, "attempts")),
                        field(body, "b")))
                .toList();
    }

    @Override
    public void close() {
        link.close();
        client.shutdownAsync(0, 2, TimeUnit.SECONDS).join();
        Ends.ofAny(vertx.close());
    }

    private static String field(Map<String, String> body, String name) {
        return body.getOrDefault(name, "");
    }
}
