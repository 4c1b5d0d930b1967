// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import dev.spillway.gateway.dev.RedisSettings;
import dev.spillway.gateway.dev.SentinelProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A primary, its replicas, and three sentinels that promote one of them a second after the primary fell silent. All on
 * loopback, gone with {@link #close}.
 */
public final class SentinelRig implements AutoCloseable {
    /** What secure sentinels ask for. */
    public static final String PASSWORD = "sentinels-only";

    private static final String NAME = "spillway";
    private static final int SENTINELS = 3;
    /** What replicas and sentinels need of a primary. */
    private static final List<String> CUT_OFF = List.of("psync", "sync", "replicaof", "slaveof");

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<RedisRig> servers = new ArrayList<>();
    private final List<SentinelProcess> sentinels = new ArrayList<>();
    private final List<Integer> sentinelPorts = new ArrayList<>();
    private final @Nullable SecureRedis secure;

    private SentinelRig(@Nullable SecureRedis secure) {
        this.secure = secure;
    }

    /** Returns when every sentinel knows every replica and every other sentinel. */
    public static SentinelRig start(int replicas) {
        return start(replicas, null);
    }

    /** The same; all of them by TLS, and the sentinels ask for {@link #PASSWORD}. */
    public static SentinelRig start(int replicas, @Nullable SecureRedis secure) {
        var rig = new SentinelRig(secure);
        try {
            rig.open(replicas);
            return rig;
        } catch (RuntimeException | Error failed) {
            rig.close();
            throw failed;
        }
    }

    private void open(int replicas) {
        var primary = RedisRig.start(this::server);
        servers.add(primary);
        for (var i = 0; i < replicas; i++) {
            servers.add(RedisRig.start(settings -> server(settings).with("replicaof", "127.0.0.1 " + port(primary))));
        }
        await("replicas", () -> servers.stream().skip(1).allMatch(replica -> "up"
                .equals(replica.info("replication").get("master_link_status"))));
        for (var i = 0; i < SENTINELS; i++) {
            var sentinel = sentinel();
            sentinels.add(sentinel);
            await("a sentinel", () -> answers(sentinel));
            ask(sentinel, "SENTINEL MONITOR " + NAME + " 127.0.0.1 " + port(primary) + " 2");
            ask(sentinel, "SENTINEL SET " + NAME + " down-after-milliseconds 1000");
            ask(sentinel, "SENTINEL SET " + NAME + " failover-timeout 4000");
        }
        await("sentinels that know each other", () -> sentinels.stream().allMatch(sentinel -> {
            var master = ask(sentinel, "SENTINEL MASTER " + NAME);
            return field(master, "num-slaves").equals(Integer.toString(replicas))
                    && field(master, "num-other-sentinels").equals(Integer.toString(SENTINELS - 1));
        }));
    }

    private RedisSettings server(RedisSettings settings) {
        var prompt = settings.with("repl-diskless-sync-delay", "0");
        return secure == null ? prompt : secure.secure(prompt);
    }

    private SentinelProcess sentinel() {
        var port = Ports.toKeep();
        if (secure == null) {
            sentinelPorts.add(port);
            return SentinelProcess.start(port);
        }
        var directives = secure.directives();
        sentinelPorts.add(Integer.parseInt(directives.getOrDefault("tls-port", "")));
        directives.put("requirepass", PASSWORD);
        directives.put("sentinel sentinel-pass", PASSWORD);
        return SentinelProcess.start(port, secure.executable(), directives);
    }

    // Where clients, sentinels and replicas find it.
    private int port(RedisRig server) {
        return secure == null ? server.port() : SecureRedis.port(server);
    }

    /** As {@code spillway.redis.uri} wants it. */
    public String uri() {
        return uri(sentinelPorts);
    }

    /** Where the sentinels are. */
    public List<Integer> ports() {
        return List.copyOf(sentinelPorts);
    }

    /** The same by way of other ports, which lead to the sentinels. */
    public String uri(List<Integer> ports) {
        return ports.stream()
                .map(port -> "127.0.0.1:" + port)
                .collect(Collectors.joining(
                        ",", secure == null ? "redis-sentinel://" : "rediss-sentinel://", "?sentinelMasterId=" + NAME));
    }

    /** The first primary, and those that are replicas at first. */
    public List<RedisRig> servers() {
        return List.copyOf(servers);
    }

    /** Whom the sentinels say is the primary now. */
    public RedisRig primary() {
        var address = ask(sentinels.getFirst(), "SENTINEL GET-MASTER-ADDR-BY-NAME " + NAME);
        return servers.stream()
                .filter(server -> server.running() && address.contains("\n" + port(server)))
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

    /** Cuts the primary off from its replicas, and lets another be promoted, of which it does not hear. */
    public void split(RedisRig primary) {
        for (var command : CUT_OFF) {
            RespSocket.askOnce(primary.port(), "ACL SETUSER default -" + command);
        }
        RespSocket.askOnce(primary.port(), "CLIENT KILL TYPE replica");
        await("a primary without replicas", () -> "0"
                .equals(primary.info("replication").get("connected_slaves")));
        failover();
        awaitPrimaryOtherThan(primary);
    }

    /** The old primary hears of the new one, and becomes its replica. */
    public void heal(RedisRig primary) {
        for (var command : CUT_OFF) {
            RespSocket.askOnce(primary.port(), "ACL SETUSER default +" + command);
        }
        await("a replica more", () -> isReplica(primary));
    }

    private static boolean isReplica(RedisRig server) {
        try {
            return RespSocket.askOnce(server.port(), "INFO replication").contains("role:slave");
        } catch (UncheckedIOException closed) {
            return false; // A sentinel that demotes a server closes all its connections: look again.
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

    private boolean answers(SentinelProcess sentinel) {
        try (var socket = new RespSocket(sentinel.port())) {
            return authenticated(socket).ask("PING").equals("+PONG");
        } catch (IOException notYet) {
            return false;
        }
    }

    private String ask(SentinelProcess sentinel, String command) {
        try (var socket = new RespSocket(sentinel.port())) {
            return authenticated(socket).ask(command);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private RespSocket authenticated(RespSocket socket) throws IOException {
        if (secure != null) {
            socket.ask("AUTH " + PASSWORD);
        }
        return socket;
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
