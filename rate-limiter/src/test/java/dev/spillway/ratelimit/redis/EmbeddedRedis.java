// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A real Redis 7.0.15 on a free loopback port, from the binary inside a jar; in memory only. */
public final class EmbeddedRedis implements AutoCloseable {
    private static final Path BINARY = extract();

    private final int port;
    private final List<String> options;
    private Process process;

    private EmbeddedRedis(int port, List<String> options, Process process) {
        this.port = port;
        this.options = options;
        this.process = process;
    }

    /** Starts one; the options are as on the command line. */
    public static EmbeddedRedis start(String... options) {
        var port = freePort();
        var more = List.of(options);
        var redis = new EmbeddedRedis(port, more, spawn(port, more));
        redis.awaitUp();
        return redis;
    }

    public RedisURI uri() {
        return RedisURI.Builder.redis("127.0.0.1", port)
                .withTimeout(Duration.ofSeconds(5))
                .build();
    }

    public int port() {
        return port;
    }

    /** As {@code kill -9}: all state is lost. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Empty again, with another run id. */
    public void startAgain() {
        process = spawn(port, options);
        awaitUp();
    }

    /** {@code STOP} freezes the process with its sockets open, {@code CONT} wakes it. */
    public void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .onExit()
                    .join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }

    private void awaitUp() {
        var client = RedisClient.create(uri());
        try {
            var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (true) {
                try (var connection = client.connect()) {
                    connection.sync().ping();
                    return;
                } catch (RedisConnectionException e) {
                    if (System.nanoTime() > deadline) {
                        throw e;
                    }
                    Thread.onSpinWait();
                }
            }
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        }
    }

    private static Process spawn(int port, List<String> options) {
        var command = new ArrayList<String>(List.of(BINARY.toString(), "--bind", "127.0.0.1", "--port"));
        command.addAll(List.of(Integer.toString(port), "--save", "", "--appendonly", "no"));
        command.addAll(options);
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path extract() {
        var mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
        var arm = System.getProperty("os.arch").equals("aarch64");
        var name = "/redis-server-7.0.15-" + (mac ? "darwin-" : "linux-") + (arm ? "arm64" : "amd64");
        try (var in = EmbeddedRedis.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no binary " + name);
            }
            var binary = Files.createTempFile("redis-server-", "");
            Files.copy(in, binary, StandardCopyOption.REPLACE_EXISTING);
            binary.toFile().deleteOnExit();
            if (!binary.toFile().setExecutable(true)) {
                throw new IllegalStateException("cannot make " + binary + " executable");
            }
            return binary;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
