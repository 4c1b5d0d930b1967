// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The embedded server under the name by which it is a sentinel; as {@link EmbeddedRedis} otherwise. */
public final class SentinelProcess implements AutoCloseable {
    private final int port;
    private final RedisKeeper keeper;

    private SentinelProcess(int port, RedisKeeper keeper) {
        this.port = port;
        this.keeper = keeper;
    }

    /** Starts one on a port, which may not answer yet. The folder goes when it ends. */
    public static SentinelProcess start(int port) {
        return start(port, null, Map.of());
    }

    /** The same with more directives; {@code server}: another than the embedded one, or null. */
    public static SentinelProcess start(int port, @Nullable Path server, Map<String, String> directives) {
        try {
            var folder = Files.createTempDirectory("spillway-sentinel-");
            // It is one by its name.
            var sentinel = folder.resolve("redis-sentinel");
            var binary = server == null
                    ? Files.move(RedisBinary.extract(folder), sentinel)
                    : Files.createSymbolicLink(sentinel, server);
            var lines = new ArrayList<>(List.of("bind " + RedisProbe.HOST, "port " + port, "dir \"" + folder + "\""));
            directives.forEach((name, value) -> lines.add(name + " " + value));
            var configuration = folder.resolve("sentinel.conf");
            Files.write(configuration, lines, StandardCharsets.UTF_8);
            var log = folder.resolve("sentinel.log");
            return new SentinelProcess(port, RedisKeeper.start(binary, configuration, log, folder));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        try {
            keeper.stop();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
