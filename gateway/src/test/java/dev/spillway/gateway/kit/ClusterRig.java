// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import dev.spillway.gateway.dev.RedisSettings;
import io.lettuce.core.cluster.SlotHash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A Redis Cluster on loopback: primaries that share the slots evenly, and replicas of each if asked for. Put together
 * by hand, as there is no other program to do it. Gone with {@link #close}.
 */
public final class ClusterRig implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<Node> nodes = new ArrayList<>();
    private final int primaries;

    /** A server and the port by which the nodes talk. */
    private record Node(RedisRig server, int bus, String id) {}

    private ClusterRig(int primaries) {
        this.primaries = primaries;
    }

    /** Three primaries. */
    public static ClusterRig start() {
        return start(3, 0, UnaryOperator.identity());
    }

    /** With so many replicas of each. Returns when every node says that all is well. */
    public static ClusterRig start(int primaries, int replicas, UnaryOperator<RedisSettings> change) {
        var rig = new ClusterRig(primaries);
        try {
            rig.open((1 + replicas) * primaries, change);
            return rig;
        } catch (RuntimeException | Error failed) {
            rig.close();
            throw failed;
        }
    }

    private void open(int count, UnaryOperator<RedisSettings> change) {
        for (var i = 0; i < count; i++) {
            var bus = Ports.toKeep();
            var server = RedisRig.start(settings -> change.apply(settings)
                    .with("cluster-enabled", "yes")
                    .with("cluster-config-file", "nodes.conf")
                    .with("cluster-port", Integer.toString(bus))
                    .with("cluster-node-timeout", "1500")
                    .with("cluster-require-full-coverage", "no")
                    .with("repl-diskless-sync-delay", "0"));
            var id = text(ask(server, "CLUSTER MYID"));
            nodes.add(new Node(server, bus, id));
            ask(server, "CLUSTER SET-CONFIG-EPOCH " + (i + 1));
            if (i < primaries) {
                ask(
                        server,
                        "CLUSTER ADDSLOTSRANGE " + i * SlotHash.SLOT_COUNT / primaries + " "
                                + ((i + 1) * SlotHash.SLOT_COUNT / primaries - 1));
            }
        }
        var first = nodes.getFirst();
        for (var node : nodes) {
            ask(node.server(), "CLUSTER MEET 127.0.0.1 " + first.server().port() + " " + first.bus());
        }
        await("a cluster", () -> nodes.stream().allMatch(node -> isWell(node.server(), count)));
        for (var i = primaries; i < count; i++) {
            ask(
                    nodes.get(i).server(),
                    "CLUSTER REPLICATE " + nodes.get(i % primaries).id());
        }
        await("replicas", () -> nodes.stream().skip(primaries).allMatch(node -> "up"
                .equals(node.server().info("replication").get("master_link_status"))));
        // Every node must know them: the primaries vote.
        await("replicas known to all", () -> nodes.stream()
                .allMatch(node -> ask(node.server(), "CLUSTER NODES")
                                .lines()
                                .filter(line -> line.contains("slave "))
                                .count()
                        == count - primaries));
    }

    private static boolean isWell(RedisRig server, int count) {
        var info = ask(server, "CLUSTER INFO");
        return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:" + count);
    }

    /** As {@code spillway.redis.uri} wants it, with {@code mode: cluster}. */
    public String uri() {
        return nodes.stream()
                .limit(primaries)
                .map(node -> "127.0.0.1:" + node.server().port())
                .collect(Collectors.joining(",", "redis://", ""));
    }

    /** Those that are primaries at first, then the replicas, in the same order. */
    public List<RedisRig> servers() {
        return nodes.stream().map(Node::server).toList();
    }

    /** Those that run and are primaries now. */
    public List<RedisRig> primaries() {
        return servers().stream()
                .filter(RedisRig::running)
                .filter(server -> "master".equals(server.info("replication").get("role")))
                .toList();
    }

    /** Who has the slot of a key, as a living node sees it. */
    public RedisRig ownerOf(String key) {
        var slot = SlotHash.getSlot(key);
        return primaries().stream()
                .filter(server -> owns(server, slot))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nobody has slot " + slot));
    }

    private static boolean owns(RedisRig server, int slot) {
        return ask(server, "CLUSTER NODES")
                .lines()
                .filter(line -> line.contains("myself"))
                .flatMap(line -> List.of(line.split(" ", -1)).stream().skip(8))
                .filter(range -> !range.startsWith("["))
                .anyMatch(range -> {
                    var ends = range.split("-", -1);
                    return slot >= Integer.parseInt(ends[0]) && slot <= Integer.parseInt(ends[ends.length - 1]);
                });
    }

    /** Lets the move of a key's slot begin: nothing is moved yet. */
    public void startMove(String key, RedisRig target) {
        var slot = SlotHash.getSlot(key);
        var source = ownerOf(key);
        ask(target, "CLUSTER SETSLOT " + slot + " IMPORTING " + id(source));
        ask(source, "CLUSTER SETSLOT " + slot + " MIGRATING " + id(target));
    }

    /** Moves the slot of a key to another node, one key at a time with a pause after each, as an operator's tool does. */
    public void move(String key, RedisRig target, Duration pause) throws InterruptedException {
        var slot = SlotHash.getSlot(key);
        var source = ownerOf(key);
        startMove(key, target);
        while (true) {
            var keys =
                    ask(source, "CLUSTER GETKEYSINSLOT " + slot + " 1").lines().toList();
            if (keys.size() < 3) {
                break;
            }
            ask(source, "MIGRATE 127.0.0.1 " + port(target) + " " + keys.get(2) + " 0 5000");
            Thread.sleep(pause.toMillis());
        }
        ask(target, "CLUSTER SETSLOT " + slot + " NODE " + id(target));
        ask(source, "CLUSTER SETSLOT " + slot + " NODE " + id(target));
        for (var other : primaries()) {
            ask(other, "CLUSTER SETSLOT " + slot + " NODE " + id(target));
        }
    }

    // Where its own kind reaches it.
    private static int port(RedisRig server) {
        var secure = server.client().configGet("tls-cluster").getOrDefault("tls-cluster", "no");
        return secure.equals("yes") ? SecureRedis.port(server) : server.port();
    }

    private String id(RedisRig server) {
        return nodes.stream()
                .filter(node -> node.server() == server)
                .findFirst()
                .orElseThrow()
                .id();
    }

    private static String ask(RedisRig server, String command) {
        return RespSocket.askOnce(server.port(), command);
    }

    private static String text(String bulk) {
        return bulk.lines().skip(1).collect(Collectors.joining("\n"));
    }

    private static void await(String what, BooleanSupplier reached) {
        RedisRig.await(what, reached, PATIENCE);
    }

    @Override
    public void close() {
        nodes.forEach(node -> node.server().close());
    }
}
