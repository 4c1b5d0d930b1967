// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dev;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an {@link EmbeddedRedis} runs; what is not named here is fixed to what Spillway asks of a Redis.
 *
 * @param port where it listens on loopback; 0 picks a free one
 * @param dataFolder where the append-only file lives on; null is a folder that goes when the server does
 * @param executable a server of one's own in place of the embedded one, or null
 * @param fsync when a write reaches the disk
 * @param memoryBytesMax {@code maxmemory}; 0 is without limit
 * @param directives further lines of the configuration file; they win over ours
 */
public record RedisSettings(
        int port,
        @Nullable Path dataFolder,
        @Nullable Path executable,
        Fsync fsync,
        long memoryBytesMax,
        Map<String, String> directives) {
    /** Redis's {@code appendfsync}. */
    public enum Fsync {
        /** Before the answer: an acknowledged write survives a power cut. */
        ALWAYS,
        /** Once a second: an acknowledged write survives a kill of the server. */
        EVERYSEC,
        /** When the system likes. */
        NO
    }

    private static final int PORT_MAX = 65_535;

    public RedisSettings {
        if (port < 0 || port > PORT_MAX) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0.." + PORT_MAX + ")");
        }
        if (memoryBytesMax < 0) {
            throw new IllegalArgumentException("memoryBytesMax: " + memoryBytesMax + " (expected: 0 or more)");
        }
        directives = Map.copyOf(directives);
    }

    /** Everything durable at every write, 512 MiB, a free port, and a folder that goes when the server does. */
    public static RedisSettings temporary() {
        return new RedisSettings(0, null, null, Fsync.ALWAYS, 512L << 20, Map.of());
    }

    public RedisSettings withPort(int newPort) {
        return new RedisSettings(newPort, dataFolder, executable, fsync, memoryBytesMax, directives);
    }

    public RedisSettings withDataFolder(Path folder) {
        return new RedisSettings(port, folder, executable, fsync, memoryBytesMax, directives);
    }

    public RedisSettings withExecutable(Path server) {
        return new RedisSettings(port, dataFolder, server, fsync, memoryBytesMax, directives);
    }

    public RedisSettings withFsync(Fsync newFsync) {
        return new RedisSettings(port, dataFolder, executable, newFsync, memoryBytesMax, directives);
    }

    public RedisSettings withMemoryBytesMax(long bytes) {
        return new RedisSettings(port, dataFolder, executable, fsync, bytes, directives);
    }

    public RedisSettings with(String directive, String value) {
        var more = new LinkedHashMap<>(directives);
        more.put(directive, value);
        return new RedisSettings(port, dataFolder, executable, fsync, memoryBytesMax, more);
    }

    /** The configuration file for a server on this port with its data in this folder. */
    List<String> lines(int actualPort, Path folder) {
        var settings = new LinkedHashMap<String, String>();
        settings.put("bind", RedisProbe.HOST);
        settings.put("protected-mode", "yes");
        settings.put("port", Integer.toString(actualPort));
        settings.put("dir", folder.toString());
        settings.put("pidfile", folder.resolve(EmbeddedRedis.PID_FILE).toString());
        settings.put("daemonize", "no");
        settings.put("save", "");
        settings.put("appendonly", "yes");
        settings.put("appendfsync", directiveOf(fsync));
        settings.put("no-appendfsync-on-rewrite", "no"); // yes would cancel "always" during rewrites
        settings.put("maxmemory", Long.toString(memoryBytesMax));
        settings.put("maxmemory-policy", "noeviction");
        settings.put("lazyfree-lazy-expire", "yes");
        settings.put("hash-max-listpack-entries", "512");
        settings.put("tcp-keepalive", "60");
        settings.putAll(directives);
        var lines = new ArrayList<String>();
        settings.forEach((directive, value) -> lines.add(directive + " " + quoted(value)));
        return lines;
    }

    private static String directiveOf(Fsync fsync) {
        return switch (fsync) {
            case ALWAYS -> "always";
            case EVERYSEC -> "everysec";
            case NO -> "no";
        };
    }

    /** As Redis reads a word of its configuration; a path may hold spaces and quotes. */
    private static String quoted(String value) {
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("control character in a Redis setting");
        }
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
