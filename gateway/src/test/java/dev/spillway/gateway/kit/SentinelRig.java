// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import dev.spillway.gateway.dev.SentinelProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * A primary, its replicas, and three sentinels that promote one of them a second after the primary fell silent. All on
 * loopback, gone with {@link #close}.
 */
public final class SentinelRig implements AutoCloseable {
    private static final String NAME = "spillway";
    private static final int SENTINELS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<RedisRig> servers = new ArrayList<>();
    private final List<SentinelProcess> sentinels = new ArrayList<>();

    private SentinelRig() {}

    /** Returns when every sentinel knows every replica and every other sentinel. */
    public static SentinelRig start(int replicas) {
        var rig = new SentinelRig();
        try {
            rig.open(replicas);
            return rig;
        } catch (RuntimeException | Error failed) {
            rig.close();
            throw failed;
        }
    }

    private void open(int replicas) {
        var primary = RedisRig.start(settings -> settings.with("repl-diskless-sync-delay", "0"));
        servers.add(primary);
        for (var i = 0; i < replicas; i++) {
            servers.add(RedisRig.start(settings ->
                    settings.with("repl-diskless-sync-delay", "0").with("replicaof", "127.0.0.1 " + primary.port())));
        }
        await("replicas", () -> servers.stream().skip(1).allMatch(replica -> "up"
                .equals(replica.info("replication").get("master_link_status"))));
        for (var i = 0; i < SENTINELS; i++) {
            var sentinel = SentinelProcess.start(Ports.toKeep());
            sentinels.add(sentinel);
            await("a sentinel", () -> answers(sentinel));
            ask(sentinel, "SENTINEL MONITOR " + NAME + " 127.0.0.1 " + primary.port() + " 2");
            ask(sentinel, "SENTINEL SET " + NAME + " down-after-milliseconds 1000");
            ask(sentinel, "SENTINEL SET " + NAME + " failover-timeout 4000");
        }
        await("sentinels that know each other", () -> sentinels.stream().allMatch(sentinel -> {
            var master = ask(sentinel, "SENTINEL MASTER " + NAME);
            return field(master, "num-slaves").equals(Integer.toString(replicas))
                    && field(master, "num-other-sentinels").equals(Integer.toString(SENTINELS - 1));
        }));
    }

    /** As {@code spillway.redis.uri} wants it. */
    public String uri() {
        return sentinels.stream()
                .map(sentinel -> "127.0.0.1:" + sentinel.port())
                .collect(Collectors.joining(",", "redis-sentinel://", "?sentinelMasterId=" + NAME));
    }

    /** The first primary, and those that are replicas at first. */
    public List<RedisRig> servers() {
        return List.copyOf(servers);
    }

    /** Whom the sentinels say is the primary now. */
    public RedisRig primary() {
        var address = ask(sentinels.getFirst(), "SENTINEL GET-MASTER-ADDR-BY-NAME " + NAME);
        return servers.stream()
                .filter(server -> address.contains("\n" + server.port()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the sentinels say " + address));
    }

    /** Tells the sentinels to promote a replica although the primary is well; which becomes a replica. */
    public void failover() {
        var answer = ask(sentinels.getFirst(), "SENTINEL FAILOVER " + NAME);
        if (!answer.startsWith("+OK")) {
            throw new IllegalStateException(answer);
        }
    }

    /** Waits until another is the primary, and takes writes. */
    public RedisRig awaitPrimaryOtherThan(RedisRig before) {
        await("another primary", () -> {
            var now = primary();
            return now != before
                    && now.running()
                    && "master".equals(now.info("replication").get("role"));
        });
        return primary();
    }

    private static boolean answers(SentinelProcess sentinel) {
        try (var socket = new RespSocket(sentinel.port())) {
            return socket.ask("PING").equals("+PONG");
        } catch (IOException notYet) {
            return false;
        }
    }

    private static String ask(SentinelProcess sentinel, String command) {
        try (var socket = new RespSocket(sentinel.port())) {
            return socket.ask(command);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String field(String reply, String name) {
        var lines = reply.lines().toList();
        var at = lines.indexOf(name);
        return at < 0 || at + 2 >= lines.size() ? "" : lines.get(at + 2);
    }

    private static void await(String what, BooleanSupplier reached) {
        RedisRig.await(what, reached, PATIENCE);
    }

    @Override
    public void close() {
        sentinels.forEach(SentinelProcess::close);
        servers.forEach(RedisRig::close);
    }
}
