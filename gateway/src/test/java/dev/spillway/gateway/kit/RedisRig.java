// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import dev.spillway.gateway.dev.EmbeddedRedis;
import dev.spillway.gateway.dev.RedisSettings;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;

/**
 * A real Redis to be broken: stopped, killed, frozen, starved of memory, and started again on the same port and data.
 *
 * <p>It is the embedded server, or the executable named by the system property {@code spillway.redis.server} or the
 * environment's {@code SPILLWAY_REDIS_SERVER}. Not for several threads at once.
 */
public final class RedisRig implements AutoCloseable {
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(2);
    /** One for the test JVM: a client of its own per rig would start threads for each. */
    private static final ClientResources RESOURCES = ClientResources.builder()
            .ioThreadPoolSize(2)
            .computationThreadPoolSize(2)
            .build();

    private final Path folder;
    private final RedisClient lettuce;
    private final Map<RedisCodec<?, ?>, StatefulRedisConnection<?, ?>> connections = new HashMap<>();
    private final Map<String, String> before = new LinkedHashMap<>();
    private RedisSettings settings;
    private EmbeddedRedis server;
    private boolean frozen;

    private RedisRig(Path folder, RedisSettings settings, EmbeddedRedis server) {
        this.folder = folder;
        this.settings = settings.withPort(server.port());
        this.server = server;
        this.lettuce = RedisClient.create(RESOURCES, RedisURI.create(server.uri()));
        this.lettuce.setOptions(ClientOptions.builder()
                .autoReconnect(false) // a test asks again, so that what it sees is the server of now
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .build());
    }

    /** A server that writes to disk before it answers. */
    public static RedisRig start() {
        return start(UnaryOperator.identity());
    }

    /** A server with other settings, such as {@code settings -> settings.withFsync(EVERYSEC)}. */
    public static RedisRig start(UnaryOperator<RedisSettings> change) {
        try {
            var folder = Files.createTempDirectory("spillway-rig-");
            var settings = change.apply(base().withDataFolder(folder));
            return new RedisRig(folder, settings, EmbeddedRedis.start(settings));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static RedisSettings base() {
        var settings = RedisSettings.temporary().with("enable-debug-command", "local");
        var named = System.getProperty("spillway.redis.server", System.getenv("SPILLWAY_REDIS_SERVER"));
        return named == null || named.isBlank() ? settings : settings.withExecutable(Path.of(named));
    }

    public int port() {
        return server.port();
    }

    public long pid() {
        return server.pid();
    }

    public String uri() {
        return server.uri();
    }

    public boolean running() {
        return server.running();
    }

    public Path dataFolder() {
        return folder;
    }

    /** Ends the server as an operator would: what it holds is written out. */
    public void stop() {
        disconnect();
        thaw();
        server.close();
    }

    /** Ends the server as a crash would. */
    public void kill9() {
        disconnect();
        frozen = false;
        try {
            server.kill();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stopped);
        }
    }

    /** Starts it again, on the same port and data; ends it cleanly first when it still runs. */
    public void restart() {
        restart(UnaryOperator.identity());
    }

    /** The same with other settings from now on, such as another fsync mode. */
    public void restart(UnaryOperator<RedisSettings> change) {
        stop();
        before.clear(); // what CONFIG SET had changed is gone with the old process
        settings = change.apply(settings);
        try {
            server = EmbeddedRedis.start(settings);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Makes the append-only file as long as this says of its length. While the server is down. */
    public void truncateLog(LongUnaryOperator length) {
        try (var file = FileChannel.open(log(), StandardOpenOption.WRITE)) {
            file.truncate(length.applyAsLong(file.size()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Path log() throws IOException {
        try (var files = Files.walk(folder)) {
            // The newest; those of before a rewrite are on their way out.
            return files.filter(file -> file.toString().endsWith(".incr.aof"))
                    .max(Comparator.comparingLong(file -> file.toFile().lastModified()))
                    .orElseThrow();
        }
    }

    /** Writes the append-only file anew, and waits until that is done. */
    public void rewriteLog() {
        client().bgrewriteaof();
        await(
                "the append-only file is written anew",
                () -> {
                    var now = info("persistence");
                    return "0".equals(now.get("aof_rewrite_in_progress"))
                            && "0".equals(now.get("aof_rewrite_scheduled"));
                },
                Duration.ofSeconds(60));
    }

    /** Another server that starts with what this one, which is down, has on disk. */
    public RedisRig copy() {
        return start(settings -> {
            var from = folder.resolve("appendonlydir");
            var to = Objects.requireNonNull(settings.dataFolder()).resolve("appendonlydir");
            try (var files = Files.list(from)) {
                Files.createDirectory(to);
                for (var file : files.toList()) {
                    Files.copy(file, to.resolve(file.getFileName()));
                }
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
            return settings;
        });
    }

    /** Holds the server still, connections and all, as a stalled machine would. */
    public void freeze() {
        Signal.STOP.to(pid());
        frozen = true;
    }

    /** Ends {@link #freeze}; without one, does nothing. */
    public void thaw() {
        if (frozen) {
            Signal.CONT.to(pid());
            frozen = false;
        }
    }

    /** Changes a setting of the running server until {@link #heal} or a restart. */
    public void configSet(String setting, String value) {
        var now = client().configGet(setting).get(setting);
        if (now == null) {
            throw new IllegalArgumentException("Redis knows no setting " + setting);
        }
        client().configSet(setting, value);
        before.putIfAbsent(setting, now);
    }

    /** Undoes what a test did: thawed, running, with the settings it was started with, empty, its counters at zero. */
    public void heal() {
        thaw();
        if (!running()) {
            restart();
        }
        before.forEach(client()::configSet);
        before.clear();
        flush();
        client().scriptFlush();
        client().configResetstat();
    }

    /** Deletes every key. */
    public void flush() {
        client().flushall();
    }

    /** The fields of one section of INFO. */
    public Map<String, String> info(String section) {
        var fields = new LinkedHashMap<String, String>();
        client().info(section).lines().filter(line -> line.contains(":")).forEach(line -> {
            var colon = line.indexOf(':');
            fields.put(line.substring(0, colon), line.substring(colon + 1));
        });
        return fields;
    }

    /** How often a command has run since the start or {@link #heal}, such as {@code xadd} or {@code xgroup|create}. */
    public long calls(String command) {
        var stat = info("commandstats").get("cmdstat_" + command.toLowerCase(Locale.ROOT));
        return stat == null ? 0 : Long.parseLong(stat.substring("calls=".length(), stat.indexOf(',')));
    }

    /** For raw asserts; fails after two seconds without an answer. */
    public RedisCommands<String, String> client() {
        return client(StringCodec.UTF8);
    }

    /** For raw asserts on bytes. */
    public RedisCommands<byte[], byte[]> bytes() {
        return client(ByteArrayCodec.INSTANCE);
    }

    private <K, V> RedisCommands<K, V> client(RedisCodec<K, V> codec) {
        @SuppressWarnings("unchecked") // kept under its own codec, a few lines below
        var known = (StatefulRedisConnection<K, V>) connections.get(codec);
        if (known != null && known.isOpen()) {
            return known.sync();
        }
        var connection = lettuce.connect(codec);
        connection.setTimeout(COMMAND_TIMEOUT);
        connections.put(codec, connection);
        return connection.sync();
    }

    /** Looks again and again, until it is so or the patience is over. */
    static void await(String what, BooleanSupplier reached, Duration patience) {
        var deadline = System.nanoTime() + patience.toNanos();
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not after " + patience + ": " + what);
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException leaving) {
                Thread.currentThread().interrupt();
                throw new AssertionError(leaving);
            }
        }
    }

    private void disconnect() {
        connections.values().forEach(StatefulRedisConnection::close);
        connections.clear();
    }

    @Override
    public void close() {
        stop();
        lettuce.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException left) {
            throw new UncheckedIOException(left);
        }
    }
}
