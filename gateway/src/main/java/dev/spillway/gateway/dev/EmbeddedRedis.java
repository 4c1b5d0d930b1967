// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dev;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Redis server as a child process on loopback, ready when {@link #start} returns and gone when {@link #close} does.
 *
 * <p>It also ends when this JVM ends in any other way, {@code kill -9} included, and a Ctrl-C in the terminal does not
 * reach it. Every method blocks: not for event loops.
 */
public final class EmbeddedRedis implements AutoCloseable {
    /** In the data folder: names the server that writes there. */
    static final String PID_FILE = "redis.pid";

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long PAUSE_MILLIS = 10;
    private static final int PORTS_TRIED_MAX = 5;
    private static final int LOG_LINES_SHOWN = 20;

    private final int port;
    private final RedisKeeper keeper;
    private final Path runFolder;

    private EmbeddedRedis(int port, RedisKeeper keeper, Path runFolder) {
        this.port = port;
        this.keeper = keeper;
        this.runFolder = runFolder;
    }

    /**
     * Starts a server and waits, at most ten seconds, until it answers.
     *
     * <p>Throws {@link IOException} with the last lines of the server's log when it does not, and
     * {@link UnsupportedOperationException} where there is no server for this system.
     */
    public static EmbeddedRedis start(RedisSettings settings) throws IOException {
        return start(settings, PATIENCE);
    }

    static EmbeddedRedis start(RedisSettings settings, Duration patience) throws IOException {
        try {
            for (int tried = 1; ; tried++) {
                try {
                    return startOn(settings.port() == 0 ? freePort() : settings.port(), settings, patience);
                } catch (BindException taken) {
                    if (settings.port() != 0 || tried == PORTS_TRIED_MAX) {
                        throw taken;
                    }
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while Redis was starting");
        }
    }

    private static EmbeddedRedis startOn(int port, RedisSettings settings, Duration patience)
            throws IOException, InterruptedException {
        var runFolder = Files.createTempDirectory("spillway-redis-");
        @Nullable RedisKeeper keeper = null;
        try {
            var given = settings.dataFolder();
            var data = Files.createDirectories(given == null ? runFolder.resolve("data") : given.toAbsolutePath());
            awaitPredecessor(data.resolve(PID_FILE), patience);
            var configuration = runFolder.resolve("redis.conf");
            Files.write(configuration, settings.lines(port, data));
            var executable = settings.executable();
            var server = executable == null ? RedisBinary.extract(runFolder) : executable;
            var log = data.resolve("redis.log");
            keeper = RedisKeeper.start(server, configuration, log, runFolder);
            awaitReady(port, keeper, log, patience);
            return new EmbeddedRedis(port, keeper, runFolder);
        } catch (IOException | InterruptedException | RuntimeException failed) {
            if (keeper != null) {
                keeper.kill();
            }
            remove(runFolder);
            throw failed;
        }
    }

    /** Two servers on one append-only file would ruin it. The server of a JVM that was just killed is on its way out. */
    private static void awaitPredecessor(Path pidFile, Duration patience) throws IOException, InterruptedException {
        if (!Files.exists(pidFile)) {
            return;
        }
        var pid = Files.readString(pidFile).strip();
        var predecessor = pid.matches("\\d{1,18}")
                ? ProcessHandle.of(Long.parseLong(pid))
                        .filter(process -> process.info().command().orElse("").endsWith("-server"))
                : Optional.<ProcessHandle>empty();
        var deadline = System.nanoTime() + patience.toNanos();
        while (predecessor.isPresent() && predecessor.get().isAlive()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("another Redis, process " + pid + ", writes to " + pidFile.getParent()
                        + ": stop it or choose another data folder");
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private static void awaitReady(int port, RedisKeeper keeper, Path log, Duration patience)
            throws IOException, InterruptedException {
        var deadline = System.nanoTime() + patience.toNanos();
        while (!RedisProbe.ready(port, keeper.serverPid())) {
            var ended = keeper.shell().waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            if (ended || System.nanoTime() - deadline > 0) {
                var lines = lastLines(log);
                var message = "Redis on port " + port
                        + (ended ? " ended with code " + keeper.shell().exitValue() : " did not answer in time") + ":\n"
                        + String.join("\n", lines);
                // In the server's own words: those of the system differ between C libraries.
                throw lines.stream().anyMatch(line -> line.contains("Failed listening on port"))
                        ? new BindException(message)
                        : new IOException(message);
            }
        }
    }

    private static List<String> lastLines(Path log) throws IOException {
        if (!Files.exists(log)) {
            return List.of("(no log)");
        }
        var lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                .lines()
                .toList();
        return lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size());
    }

    /**
     * Below the ranges that Linux and macOS take for outgoing connections: a client that tries again and again while
     * the server is down could otherwise be given the server's own port, and keep it.
     */
    private static int freePort() throws IOException {
        for (int tried = 1; ; tried++) {
            var candidate = ThreadLocalRandom.current().nextInt(16_000, 32_000);
            try (var socket = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                if (tried == 100) {
                    throw taken;
                }
            }
        }
    }

    public int port() {
        return port;
    }

    /** The process id of the server itself, for signals. */
    public long pid() {
        return keeper.serverPid();
    }

    public String uri() {
        return "redis://" + RedisProbe.HOST + ":" + port;
    }

    public boolean running() {
        return keeper.shell().isAlive();
    }

    /** Completes with the server's exit code when it has ended, whoever ended it; 137 is a {@code kill -9}. */
    public CompletableFuture<Integer> ended() {
        return keeper.shell().onExit().thenApply(Process::exitValue);
    }

    /** Kills the server as a crash would; what it has not written is lost. Returns when it is gone. */
    public void kill() throws InterruptedException {
        keeper.kill();
    }

    /** Lets the server write out what it has and end; kills it after ten seconds. A second call does nothing. */
    @Override
    public void close() {
        try {
            keeper.stop();
            remove(runFolder);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt(); // the shell goes on without us
        } catch (IOException left) {
            // Only the pipe or a temporary file: the server is gone, and nobody could act on it.
        }
    }

    private static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> files = Files.walk(folder)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (var file : deepestFirst) {
            Files.deleteIfExists(file);
        }
    }
}
