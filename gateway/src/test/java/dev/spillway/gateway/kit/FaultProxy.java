// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A bad network on loopback, in front of Redis or of any TCP server: slow, narrow, cut, silent, or closed.
 *
 * <p>Made by {@link #toRedis} it reads the commands and pairs each reply with its command, so that a test can say which
 * reply gets lost, or before which command the connection breaks. Every connection through one proxy shares its faults.
 * Not a proxy for {@code MONITOR}, {@code CLIENT REPLY} or RESP2 subscriptions: from such a command on, a connection's
 * replies pass unread.
 */
public final class FaultProxy implements AutoCloseable {
    /** Which way bytes go. */
    public enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    private static final int CONNECT_MILLIS = 2_000;
    private static final int CONNECTIONS_MAX = 10_000;
    private static final int PORTS_TRIED_MAX = 100;
    private static final Duration ACCEPTOR_LEAVES = Duration.ofSeconds(10);

    private final int target;
    private final boolean knowsResp;
    private final int port;
    private final Map<Direction, Wire> wires = new EnumMap<>(Direction.class);
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private final FaultBook book = new FaultBook();
    private final AtomicInteger hits = new AtomicInteger();
    private volatile boolean closed;
    private volatile UnaryOperator<String> scripts = UnaryOperator.identity();

    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by lock.
    private @Nullable ServerSocket listener;

    private Thread acceptor = Thread.currentThread();
    private @Nullable RuntimeException failure;

    private FaultProxy(int target, boolean knowsResp) throws IOException {
        this.target = target;
        this.knowsResp = knowsResp;
        for (var direction : Direction.values()) {
            wires.put(direction, new Wire());
        }
        var socket = bind();
        this.port = socket.getLocalPort();
        listen(socket);
    }

    /** In front of a Redis on this loopback port, with commands and replies read. */
    public static FaultProxy toRedis(int port) {
        return open(port, true);
    }

    /** In front of any server on this loopback port. */
    public static FaultProxy toTcp(int port) {
        return open(port, false);
    }

    private static FaultProxy open(int port, boolean knowsResp) {
        try {
            return new FaultProxy(port, knowsResp);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public int port() {
        return port;
    }

    /** As {@code spillway.redis.uri} wants it. */
    public String redisUri() {
        return "redis://127.0.0.1:" + port;
    }

    /** From now on every piece takes this long. */
    public void latency(Duration toServer, Duration toClient) {
        wire(Direction.TO_SERVER).latency(toServer);
        wire(Direction.TO_CLIENT).latency(toClient);
    }

    /** Each way and for each connection; 0 is without limit. */
    public void bandwidth(long bytesPerSecond) {
        wires.values().forEach(wire -> wire.bandwidth(bytesPerSecond));
    }

    /**
     * Lets nothing through, neither data nor the end of a connection, on those there are and on new ones, which are
     * accepted. As on a real network, what was sent arrives when the hole closes.
     */
    public void blackHole() {
        wires.values().forEach(wire -> wire.hole(true));
    }

    /** The same for one direction only. */
    public void blackHole(Direction direction) {
        wire(direction).hole(true);
    }

    /** New connections are refused; those there are go on. */
    public void refuse() {
        lock.lock();
        try {
            if (listener != null) {
                listener.close();
                listener = null;
                // The kernel lets people in until the last thread has left the socket.
                if (!acceptor.join(ACCEPTOR_LEAVES)) {
                    throw new IllegalStateException("the proxy still accepts");
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException leaving) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Resets every connection at both ends, now. Returns how many there were. */
    public int cutAll() {
        var cut = List.copyOf(connections);
        cut.forEach(ProxiedConnection::reset);
        return cut.size();
    }

    /** Ends one direction of every connection and leaves the other open. */
    public void halfClose(Direction direction) {
        for (var connection : connections) {
            try {
                connection.line(direction).end();
            } catch (IOException alreadyBroken) {
                // Then there is nothing left to close.
            }
        }
    }

    /** Ends every fault: the line is good, open, and what has not struck yet will not. */
    public void heal() {
        wires.values().forEach(Wire::heal);
        book.clearFaults();
        lock.lock();
        try {
            if (listener == null) {
                listen(bindAgain());
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The server runs the n-th matching command from now, its reply is dropped, and the connection ends. Nothing that
     * the client sent after it on that connection reaches the server; earlier replies reach the client.
     */
    public Fault swallowReply(CommandMatch match, int nth) {
        return swallowReplies(match, nth, 1);
    }

    /**
     * The same for that command and those right after it on its connection, {@code count} in all: every one of them
     * runs and none is answered. The cut waits until the client has sent so many.
     */
    public Fault swallowReplies(CommandMatch match, int nth, int count) {
        return waitingFor(new Fault(Fault.Kind.SWALLOW, match, nth, count));
    }

    /**
     * The connection ends before the n-th matching command from now reaches the server, and after all earlier commands
     * of that connection are answered.
     */
    public Fault cutBefore(CommandMatch match, int nth) {
        return waitingFor(new Fault(Fault.Kind.CUT_BEFORE, match, nth, 1));
    }

    /** Without reading commands: the next bytes that any server sends are dropped, and that connection ends. */
    public Fault cutAtNextReply() {
        if (knowsResp) {
            throw new IllegalStateException("for Redis say which reply: swallowReply(CommandMatch.any(), 1)");
        }
        return book.addForReply(new Fault(Fault.Kind.SWALLOW, CommandMatch.any(), 1, 1));
    }

    private Fault waitingFor(Fault fault) {
        if (!knowsResp) {
            throw new IllegalStateException("this proxy reads no commands: make it by toRedis");
        }
        return book.add(fault);
    }

    /** How the SHA-1 of a script becomes its name; until told, the hash is the name. */
    public void scripts(UnaryOperator<String> nameBySha1) {
        scripts = nameBySha1;
    }

    /** The commands seen, oldest first, at most the last 20,000, those that went no further too. */
    public List<Command> commands() {
        return book.commands();
    }

    public void forgetCommands() {
        book.forgetCommands();
    }

    /** When anybody last sent something this way, on the clock of {@link System#nanoTime}, whether it got through or not. */
    public long lastSentNanos(Direction direction) {
        return wire(direction).lastSentNanos();
    }

    /** How many connections are open through it. */
    public int connections() {
        return connections.size();
    }

    /** How many faults asked for by command or reply have struck. */
    public int hits() {
        return hits.get();
    }

    /** Also fails when the proxy itself could not read what went through it: the test proved nothing then. */
    @Override
    public void close() {
        closed = true;
        refuse();
        cutAll();
        lock.lock();
        try {
            if (failure != null) {
                throw new IllegalStateException("the proxy could not follow", failure);
            }
        } finally {
            lock.unlock();
        }
    }

    boolean knowsResp() {
        return knowsResp;
    }

    Wire wire(Direction direction) {
        return Objects.requireNonNull(wires.get(direction));
    }

    String scriptName(String sha1) {
        return scripts.apply(sha1);
    }

    FaultBook book() {
        return book;
    }

    void struck() {
        hits.incrementAndGet();
    }

    void left(ProxiedConnection connection) {
        connections.remove(connection);
    }

    void failed(RuntimeException unreadable) {
        lock.lock();
        try {
            failure = unreadable;
        } finally {
            lock.unlock();
        }
    }

    /** Below the ports of outgoing connections, as in EmbeddedRedis: a refused port must stay ours. */
    private static ServerSocket bind() throws IOException {
        for (int tried = 1; ; tried++) {
            try {
                return new ServerSocket(
                        ThreadLocalRandom.current().nextInt(16_000, 32_000), 0, InetAddress.getLoopbackAddress());
            } catch (BindException taken) {
                if (tried == PORTS_TRIED_MAX) {
                    throw taken;
                }
            }
        }
    }

    private ServerSocket bindAgain() throws IOException {
        return new ServerSocket(port, 0, InetAddress.getLoopbackAddress());
    }

    private void listen(ServerSocket socket) {
        listener = socket;
        acceptor = Thread.ofVirtual().name("accept").start(() -> {
            while (!socket.isClosed()) {
                try {
                    admit(socket.accept());
                } catch (IOException closed) {
                    // Refusing, or closing.
                }
            }
        });
    }

    private void admit(Socket client) throws IOException {
        var server = new Socket();
        try {
            if (connections.size() >= CONNECTIONS_MAX) {
                throw new IOException("more than " + CONNECTIONS_MAX + " connections");
            }
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), CONNECT_MILLIS);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        } catch (IOException noServer) {
            client.setSoLinger(true, 0);
            client.close();
            server.close();
            return;
        }
        var connection = new ProxiedConnection(this, client, server);
        connections.add(connection);
        connection.start();
        if (closed) {
            connection.reset(); // it came in while we were leaving
        }
    }
}
