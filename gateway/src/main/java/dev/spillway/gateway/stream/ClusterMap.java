// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.ByteArrayCodec;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the slots of a cluster are now: asked of one node after another, every few seconds, and at once when a
 * connection goes or a node says that it has a key no more.
 *
 * <p>Threads: owned by its context; {@link #table} and {@link #refresh} from any.
 */
final class ClusterMap {
    private static final Logger log = LoggerFactory.getLogger(ClusterMap.class);
    private static final long EVERY_MS = 5000;
    private static final long PAUSE_MS = 100;
    private static final long ANSWER_MS_MAX = 1000;
    /** A cluster with more nodes is asked at some of them. */
    private static final int ASKED_MAX = 16;

    private final Vertx vertx;
    private final Context context;
    private final RedisClient client;
    private final List<RedisURI> seeds;
    private final List<Runnable> onChange = new CopyOnWriteArrayList<>();

    private volatile SlotTable table = SlotTable.EMPTY;
    // Owned by the context.
    private boolean asking;
    private boolean again;
    private boolean closed;
    private long timer = -1;

    ClusterMap(Vertx vertx, Context context, RedisClient client, List<RedisURI> seeds) {
        this.vertx = vertx;
        this.context = context;
        this.client = client;
        this.seeds = List.copyOf(seeds);
    }

    /** Asks from now on. */
    void start() {
        context.runOnContext(ignored -> {
            timer = vertx.setPeriodic(EVERY_MS, tick -> ask());
            ask();
        });
    }

    /** As last told; empty until then. */
    SlotTable table() {
        return table;
    }

    /** It may have changed. */
    void refresh() {
        context.runOnContext(ignored -> ask());
    }

    /** Is called on the context of this after each change. */
    void onChange(Runnable changed) {
        onChange.add(changed);
    }

    /** How to connect to a node: as to the seeds. */
    RedisURI uri(SlotTable.Node node) {
        var seed = seeds.getFirst();
        var uri = RedisURI.create(node.host(), node.port());
        uri.applySsl(seed);
        uri.applyAuthentication(seed);
        uri.setTimeout(seed.getTimeout());
        return uri;
    }

    /** The route of a link that is for this key only. */
    Route toKey(String key) {
        return new Route() {
            @Override
            public @Nullable RedisURI next() {
                var node = table.primary(key);
                return node == null ? null : uri(node);
            }

            @Override
            public void astray() {
                refresh();
            }

            @Override
            public boolean followsKey() {
                return true;
            }
        };
    }

    /** The route of a link to one node. */
    Route toNode(SlotTable.Node node) {
        return new Route() {
            @Override
            public RedisURI next() {
                return uri(node);
            }

            @Override
            public void astray() {
                refresh();
            }
        };
    }

    void close() {
        context.runOnContext(ignored -> {
            closed = true;
            vertx.cancelTimer(timer);
        });
    }

    private void ask() {
        if (closed) {
            return;
        }
        if (asking) {
            again = true;
            return;
        }
        asking = true;
        again = false;
        // Another first each time: one that was cut off tells for ever how it once was.
        var known = new ArrayList<>(table.nodes());
        Collections.shuffle(known);
        var all = new LinkedHashSet<>(known);
        seeds.forEach(seed -> all.add(new SlotTable.Node(seed.getHost(), seed.getPort())));
        ask(all.stream().limit(ASKED_MAX).toList(), 0);
    }

    private void ask(List<SlotTable.Node> nodes, int which) {
        if (which == nodes.size()) {
            log.atDebug().log("No node of the cluster tells its slots");
            rest();
            return;
        }
        var node = nodes.get(which);
        slots(node)
                .onSuccess(told -> {
                    told(told);
                    rest();
                })
                .onFailure(ignored -> ask(nodes, which + 1));
    }

    private Future<SlotTable> slots(SlotTable.Node node) {
        return Future.fromCompletionStage(client.connectAsync(ByteArrayCodec.INSTANCE, uri(node)), context)
                .timeout(ANSWER_MS_MAX, MILLISECONDS)
                .compose(connection -> Future.fromCompletionStage(
                                connection.async().clusterSlots(), context)
                        .timeout(ANSWER_MS_MAX, MILLISECONDS)
                        .onComplete(ignored -> {
                            var unused = connection.closeAsync();
                        }))
                .map(answer -> SlotTable.of(answer, node))
                .compose(told -> told.ranges().isEmpty()
                        ? Future.failedFuture(new StoreUnavailable("a node without slots"))
                        : Future.succeededFuture(told));
    }

    private void told(SlotTable now) {
        var before = table;
        if (!now.equals(before)) {
            table = now;
            if (!now.ranges().equals(before.ranges())) {
                log.atInfo().addKeyValue("ranges", now.ranges().size()).log("The cluster's slots are laid out anew");
                onChange.forEach(Runnable::run);
            }
        }
    }

    private void rest() {
        vertx.setTimer(
                PAUSE_MS,
                ignored -> context.runOnContext(alsoIgnored -> {
                    asking = false;
                    if (again) {
                        ask();
                    }
                }));
    }
}
