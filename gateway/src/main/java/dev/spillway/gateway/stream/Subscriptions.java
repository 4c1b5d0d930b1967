// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.gateway.async.Timers;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Who reads: the register of subscriptions in Redis, shared by all processes.
 *
 * <p>The groups of a new subscription are made once, by whoever registers it first. A group that is missing later was
 * deleted by hand, and is not made anew: that would skip events without a word.
 */
public final class Subscriptions {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Links links;
    private final Partitions partitions;
    private final Timers timers;

    Subscriptions(Links links, Partitions partitions, Timers timers) {
        this.links = links;
        this.partitions = partitions;
        this.timers = timers;
    }

    /** A register row. {@code state} is {@code creating} until all groups are made. */
    private record Row(int generation, String state) {
        String json() {
            return "{\"generation\":" + generation + ",\"state\":\"" + state + "\"}";
        }

        static Row parse(byte[] json) {
            try {
                var tree = JSON.readTree(new String(json, StandardCharsets.UTF_8));
                return new Row(
                        tree.path("generation").asInt(), tree.path("state").asText());
            } catch (JsonProcessingException broken) {
                throw new IllegalStateException("a row of " + Keys.SUBSCRIPTIONS + " is not JSON", broken);
            }
        }
    }

    /** The subscription of this name; made if it is new. Waits for Redis as long as it is away. */
    public Future<Subscription> register(String name) {
        return timers.until(() -> tryRegister(name), StoreUnavailable.class::isInstance);
    }

    private Future<Subscription> tryRegister(String name) {
        var key = bytes(Keys.SUBSCRIPTIONS);
        return register()
                .call(redis -> redis.hsetnx(key, bytes(name), bytes(new Row(1, "creating").json())))
                .compose(ignored -> register().call(redis -> redis.hget(key, bytes(name))))
                .compose(json -> {
                    var row = Row.parse(json);
                    var subscription = new Subscription(name, row.generation());
                    if (!row.state().equals("creating")) {
                        return Future.succeededFuture(subscription);
                    }
                    var ready = new Row(row.generation(), "ready").json();
                    return groups(StreamGroup.of(subscription))
                            .compose(made ->
                                    register().call(redis -> redis.hset(key, Map.of(bytes(name), bytes(ready)))))
                            .map(subscription);
                });
    }

    /** The group that takes replies; made once in the life of the data. Waits for Redis as long as it is away. */
    public Future<Void> dispatch() {
        return timers.until(this::tryDispatch, StoreUnavailable.class::isInstance);
    }

    private Future<Void> tryDispatch() {
        var key = bytes(Keys.META);
        var ready = bytes("dispatch");
        return links.to(Keys.META)
                .call(redis -> redis.hexists(key, ready))
                .compose(there -> there
                        ? Future.<Void>succeededFuture()
                        : groups(StreamGroup.DISPATCH)
                                .compose(made -> links.to(Keys.META)
                                        .call(redis -> redis.hset(key, Map.of(ready, bytes("ready")))))
                                .mapEmpty());
    }

    /** All that are registered and ready. */
    public Future<List<Subscription>> all() {
        return register()
                .call(redis -> redis.hgetall(bytes(Keys.SUBSCRIPTIONS)))
                .map(rows -> {
                    var subscriptions = new ArrayList<Subscription>();
                    rows.forEach((name, json) -> {
                        var row = Row.parse(json);
                        if (row.state().equals("ready")) {
                            subscriptions.add(
                                    new Subscription(new String(name, StandardCharsets.UTF_8), row.generation()));
                        }
                    });
                    return subscriptions;
                });
    }

    private Future<Void> groups(StreamGroup group) {
        return Future.all(IntStream.range(0, partitions.count())
                        .mapToObj(partition -> {
                            var arguments = new Arguments()
                                    .add(group.streamKey(partition))
                                    .add(group.name());
                            return links.to(partition)
                                    .run(Script.SUBSCRIBE, Keys.counters(partition), arguments.array());
                        })
                        .toList())
                .mapEmpty();
    }

    private RedisLink register() {
        return links.to(Keys.SUBSCRIPTIONS);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
