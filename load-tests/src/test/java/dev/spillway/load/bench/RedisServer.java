// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The Redis of all contenders: fresh, on loopback, with an append-only file, and gone at the end. */
final class RedisServer implements AutoCloseable {
    private static final int TRIED_MAX = 200;
    private static final long PAUSE_MILLIS = 50;

    private final int port;
    private final Child child;
    private final RedisSocket socket;

    private RedisServer(int port, Child child, RedisSocket socket) {
        this.port = port;
        this.child = child;
        this.socket = socket;
    }

    static RedisServer start(Path executable, Path folder, Durability durability)
            throws IOException, InterruptedException {
        return start(executable, folder, durability, "4gb");
    }

    static RedisServer start(Path executable, Path folder, Durability durability, String memoryMax)
            throws IOException, InterruptedException {
        var port = Ports.free();
        var child = Child.start(
                "redis",
                folder,
                List.of(
                        executable.toString(),
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--dir",
                        folder.toString(),
                        "--save",
                        "",
                        "--appendonly",
                        "yes",
                        "--appendfsync",
                        durability.appendfsync(),
                        "--maxmemory",
                        memoryMax,
                        "--maxmemory-policy",
                        "noeviction",
                        // Between rounds, by us: in a round it would hit whoever happens to be running.
                        "--auto-aof-rewrite-percentage",
                        "0"));
        try {
            return new RedisServer(port, child, connect(port, child));
        } catch (IOException | InterruptedException | RuntimeException failed) {
            child.close();
            throw failed;
        }
    }

    private static RedisSocket connect(int port, Child child) throws IOException, InterruptedException {
        for (var tried = 1; ; tried++) {
            try {
                var socket = new RedisSocket(port);
                socket.text("PING");
                return socket;
            } catch (IOException notYet) {
                child.requireRunning();
                if (tried == TRIED_MAX) {
                    throw notYet;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    int port() {
        return port;
    }

    RedisSocket socket() {
        return socket;
    }

    String version() throws IOException {
        return socket.text("INFO", "server")
                .lines()
                .filter(line -> line.startsWith("redis_version:"))
                .findFirst()
                .orElse("?");
    }

    RedisLoad load() throws IOException {
        return RedisLoad.of(socket.text("INFO", "commandstats"), socket.text("INFO", "cpu"));
    }

    /** Forgets these keys, and what the append-only file still has of them. */
    void forget(List<String> keys) throws IOException, InterruptedException {
        socket.answer(Stream.concat(Stream.of("DEL"), keys.stream()).toArray(String[]::new));
        socket.text("BGREWRITEAOF");
        for (var tried = 0; tried < TRIED_MAX && rewriting(); tried++) {
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private boolean rewriting() throws IOException {
        var persistence = socket.text("INFO", "persistence");
        return persistence.contains("aof_rewrite_in_progress:1") || persistence.contains("aof_rewrite_scheduled:1");
    }

    @Override
    public void close() throws IOException {
        socket.close();
        child.close();
    }
}
