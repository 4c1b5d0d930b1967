// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;

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
        try {
            var folder = Files.createTempDirectory("spillway-sentinel-");
            var binary = Files.move(RedisBinary.extract(folder), folder.resolve("redis-sentinel"));
            var configuration = folder.resolve("sentinel.conf");
            Files.write(
                    configuration,
                    List.of("bind " + RedisProbe.HOST, "port " + port, "dir \"" + folder + "\"", "daemonize no"),
                    StandardCharsets.UTF_8);
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
