// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A link to each node of a cluster that one user needs; made and closed as slots move. A partition nobody has leads to a
 * link that is never connected. Threads: changed on the context it is made for, read from any.
 */
final class ClusterLinks implements Links {
    private static final long LOOK_MS = 20;

    private final Vertx vertx;
    private final Context context;
    private final ClusterMap map;
    private final int[] partitions;
    private final boolean everyNode;
    private final Function<SlotTable.Node, RedisLink> make;
    private final RedisLink nowhere;

    private final List<Runnable> onAnother = new CopyOnWriteArrayList<>();

    private volatile Layout layout;
    // Owned by the context.
    private boolean connecting;

    private record Layout(Map<SlotTable.Node, RedisLink> byNode, RedisLink[] byPartition) {}

    /**
     * Not connected yet.
     *
     * @param count of all partitions
     * @param partitions those that this user asks for
     * @param everyNode whether it also asks for other keys
     * @param make makes a link to a node
     * @param nowhere a link that leads nowhere
     */
    ClusterLinks(
            Vertx vertx,
            Context context,
            ClusterMap map,
            int count,
            int[] partitions,
            boolean everyNode,
            Function<SlotTable.Node, RedisLink> make,
            RedisLink nowhere) {
        this.vertx = vertx;
        this.context = context;
        this.map = map;
        this.partitions = partitions.clone();
        this.everyNode = everyNode;
        this.make = make;
        this.nowhere = nowhere;
        var none = new RedisLink[count];
        Arrays.fill(none, nowhere);
        this.layout = new Layout(Map.of(), none);
        map.onChange(() -> context.runOnContext(ignored -> changed()));
    }

    @Override
    public RedisLink to(int partition) {
        return layout.byPartition[partition];
    }

    @Override
    public RedisLink to(String key) {
        var node = map.table().primary(key);
        return node == null ? nowhere : layout.byNode.getOrDefault(node, nowhere);
    }

    @Override
    public List<RedisLink> all() {
        return List.copyOf(layout.byNode.values());
    }

    @Override
    public Future<Void> connect() {
        Promise<Void> connected = Promise.promise();
        context.runOnContext(ignored -> {
            connecting = true;
            changed();
            look(connected);
        });
        return connected.future();
    }

    @Override
    public void onAnother(Runnable another) {
        onAnother.add(another);
    }

    @Override
    public void close() {
        context.runOnContext(ignored -> {
            connecting = false;
            all().forEach(RedisLink::close);
        });
    }

    // A node that dies meanwhile is waited for only as long as it has slots.
    private void look(Promise<Void> connected) {
        var all = all();
        all.stream().map(RedisLink::refusal).filter(Objects::nonNull).findAny().ifPresent(connected::tryFail);
        if (!all.isEmpty()
                && all.stream().allMatch(link -> link.generation() != null)
                && IntStream.of(partitions).noneMatch(partition -> to(partition) == nowhere)) {
            connected.tryComplete();
        } else if (!connected.future().isComplete()) {
            vertx.setTimer(LOOK_MS, ignored -> context.runOnContext(alsoIgnored -> look(connected)));
        }
    }

    private void changed() {
        if (!connecting) {
            return;
        }
        var table = map.table();
        var before = layout.byNode;
        var byNode = new HashMap<SlotTable.Node, RedisLink>();
        if (everyNode) {
            table.ranges().values().forEach(range -> byNode.computeIfAbsent(range.primary(), link(before)));
        }
        var byPartition = layout.byPartition.clone();
        for (var partition : partitions) {
            var node = table.primary(Keys.in(partition));
            byPartition[partition] = node == null ? nowhere : byNode.computeIfAbsent(node, link(before));
        }
        layout = new Layout(Map.copyOf(byNode), byPartition);
        before.forEach((node, link) -> {
            if (!byNode.containsKey(node)) {
                link.close();
            }
        });
        onAnother.forEach(Runnable::run);
    }

    private Function<SlotTable.Node, RedisLink> link(Map<SlotTable.Node, RedisLink> before) {
        return node -> {
            var known = before.get(node);
            if (known != null) {
                return known;
            }
            var made = make.apply(node);
            made.onConnected(() -> onAnother.forEach(Runnable::run));
            var unused = made.connect();
            return made;
        };
    }
}
