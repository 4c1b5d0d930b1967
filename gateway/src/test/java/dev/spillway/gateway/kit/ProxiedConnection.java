// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One connection through a {@link FaultProxy}: two sockets, two lines between them, and in RESP mode the list of the
 * replies still to come. Four threads: one reads and one delivers, in each direction.
 */
final class ProxiedConnection {
    private static final int PIECE_BYTES = 16 << 10;
    private static final int COMMAND_BYTES_MAX = 64 << 20;
    /** A slow client may still be reading what came before the cut. */
    private static final long GOODBYE_SECONDS_MAX = 10;

    /** In RESP3 their answers come as pushes; in RESP2 they turn the connection into one that cannot be paired. */
    private static final Set<String> SUBSCRIBING =
            Set.of("SUBSCRIBE", "UNSUBSCRIBE", "PSUBSCRIBE", "PUNSUBSCRIBE", "SSUBSCRIBE", "SUNSUBSCRIBE");

    private final FaultProxy proxy;
    private final Socket client;
    private final Socket server;
    private final DelayLine toServer;
    private final DelayLine toClient;
    private final List<Thread> threads;
    private final CountDownLatch gone = new CountDownLatch(1);
    private final AtomicBoolean oneEnded = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    private final AwaitedReplies replies = new AwaitedReplies();
    private volatile boolean deaf; // a cut is coming: nothing more of the client reaches the server
    private volatile boolean unpaired;

    // Owned by the thread that reads the client.
    private boolean resp3;
    private int repliesToDrop;
    private @Nullable Fault striking;

    ProxiedConnection(FaultProxy proxy, Socket client, Socket server) {
        this.proxy = proxy;
        this.client = client;
        this.server = server;
        this.toServer = new DelayLine(proxy.wire(FaultProxy.Direction.TO_SERVER), server);
        this.toClient = new DelayLine(proxy.wire(FaultProxy.Direction.TO_CLIENT), client);
        var resp = proxy.knowsResp();
        this.threads = List.of(
                worker("deliver-to-server", toServer::deliver),
                worker("deliver-to-client", toClient::deliver),
                worker("read-client", resp ? this::readCommands : this::readRaw),
                worker("read-server", resp ? this::readReplies : this::readRawReplies));
    }

    /** What may fail on a thread of ours. */
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    void start() {
        threads.forEach(Thread::start);
        if (closed.get()) {
            threads.forEach(Thread::interrupt); // cut while we were starting
        }
    }

    private Thread worker(String name, Work work) {
        return Thread.ofVirtual().name(name).unstarted(() -> {
            try {
                work.run();
            } catch (IOException broken) {
                reset();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException unreadable) {
                proxy.failed(unreadable);
                reset();
            }
        });
    }

    DelayLine line(FaultProxy.Direction direction) {
        return switch (direction) {
            case TO_SERVER -> toServer;
            case TO_CLIENT -> toClient;
        };
    }

    /** Both ends see a reset at once; what still travels is lost. */
    void reset() {
        close(true);
    }

    private void close(boolean abruptly) {
        if (closed.compareAndSet(false, true)) {
            proxy.left(this);
            for (var socket : List.of(client, server)) {
                try {
                    if (abruptly) {
                        socket.setSoLinger(true, 0);
                    }
                    socket.close();
                } catch (IOException alreadyClosed) {
                    // It is closed, which is all we want.
                }
            }
            gone.countDown();
            threads.forEach(Thread::interrupt);
        }
    }

    private void readRaw() throws IOException, InterruptedException {
        var piece = new byte[PIECE_BYTES];
        var in = client.getInputStream();
        for (int n = readFrom(in, piece, toServer); n >= 0; n = readFrom(in, piece, toServer)) {
            if (!deaf) {
                toServer.send(Arrays.copyOf(piece, n));
            }
        }
    }

    private void readRawReplies() throws IOException, InterruptedException {
        var piece = new byte[PIECE_BYTES];
        var in = server.getInputStream();
        for (int n = readFrom(in, piece, toClient); n >= 0; n = readFrom(in, piece, toClient)) {
            var due = proxy.book().dueAtNextReply();
            if (due.isPresent()) {
                deaf = true;
                cutAfterWhatTravels(due.get());
                return;
            }
            toClient.send(Arrays.copyOf(piece, n));
        }
    }

    /** A reset travels like everything else: through a hole it does not get. */
    private int readFrom(InputStream in, byte[] piece, DelayLine to) throws InterruptedException {
        int n;
        try {
            n = in.read(piece);
        } catch (IOException broken) {
            to.thenDo(this::reset);
            return -1;
        }
        if (n < 0) {
            endOf(to);
        }
        return n;
    }

    private void endOf(DelayLine to) throws InterruptedException {
        if (deaf && to == toServer) {
            reset(); // the client has seen the cut, and has hung up
            return;
        }
        to.sendEnd();
        to.thenDo(this::closeWhenBothEnded);
    }

    private void closeWhenBothEnded() {
        if (!oneEnded.compareAndSet(false, true)) {
            close(false);
        }
    }

    private void readCommands() throws IOException, InterruptedException {
        var scanner = RespScanner.ofCommands();
        var command = new ByteArrayOutputStream();
        var piece = new byte[PIECE_BYTES];
        var in = client.getInputStream();
        for (int n = readFrom(in, piece, toServer); n >= 0; n = readFrom(in, piece, toServer)) {
            var passed = new ByteArrayOutputStream();
            int at = 0;
            while (at < n && !deaf) {
                var end = scanner.endOfFrame(piece, at, n);
                var to = end < 0 ? n : end;
                command.write(piece, at, to - at);
                at = to;
                if (command.size() > COMMAND_BYTES_MAX) {
                    throw new IllegalStateException("a command of more than " + COMMAND_BYTES_MAX + " bytes");
                }
                if (end >= 0) {
                    if (passes(Command.of(command.toByteArray(), proxy::scriptName))) {
                        command.writeTo(passed);
                    }
                    command.reset();
                }
            }
            toServer.send(passed.toByteArray());
        }
    }

    /** Books what the command's reply will meet; false when the command itself goes no further. */
    private boolean passes(Command command) throws InterruptedException {
        if (command.name().isEmpty()) {
            return true; // an empty line, which Redis skips
        }
        proxy.book().note(command);
        if (repliesToDrop > 0) {
            dropNext();
            return true;
        }
        var fault = unpaired ? Optional.<Fault>empty() : proxy.book().dueAt(command);
        if (fault.isEmpty()) {
            expectReplyTo(command);
            return true;
        }
        striking = fault.get();
        return switch (striking.kind()) {
            case SWALLOW -> {
                repliesToDrop = striking.replies();
                dropNext();
                yield true;
            }
            case CUT_BEFORE -> {
                deaf = true;
                if (replies.addCut(striking)) {
                    cutAfterWhatTravels(striking);
                }
                yield false;
            }
        };
    }

    private void dropNext() {
        repliesToDrop--;
        deaf = repliesToDrop == 0;
        replies.addDropped(deaf ? striking : null);
    }

    private void expectReplyTo(Command command) {
        switch (command.name()) {
            case "HELLO" -> resp3 = command.arguments().contains("3");
            case "MONITOR", "CLIENT REPLY" -> unpaired = true;
            default -> {
                // Nothing changes.
            }
        }
        var subscribes = SUBSCRIBING.contains(command.name());
        unpaired |= subscribes && !resp3;
        if (!subscribes && !unpaired) {
            replies.add();
        }
    }

    private void readReplies() throws IOException, InterruptedException {
        var scanner = RespScanner.ofReplies();
        var piece = new byte[PIECE_BYTES];
        var in = server.getInputStream();
        boolean dropping = false;
        for (int n = readFrom(in, piece, toClient); n >= 0; n = readFrom(in, piece, toClient)) {
            if (unpaired) {
                toClient.send(Arrays.copyOf(piece, n));
                continue;
            }
            int kept = 0;
            int at = 0;
            while (at < n) {
                if (!scanner.inFrame()) {
                    dropping = piece[at] != '>' && replies.dropsNext();
                }
                if (dropping && kept < at) {
                    toClient.send(Arrays.copyOfRange(piece, kept, at));
                }
                var end = scanner.endOfFrame(piece, at, n);
                at = end < 0 ? n : end;
                if (dropping) {
                    kept = at;
                }
                if (end >= 0 && scanner.frameType() != '>') {
                    toClient.send(Arrays.copyOfRange(piece, kept, at));
                    kept = at;
                    var due = replies.replied();
                    if (due.isPresent()) {
                        cutAfterWhatTravels(due.get());
                        return;
                    }
                }
            }
            toClient.send(Arrays.copyOfRange(piece, kept, n));
        }
    }

    /**
     * The client gets every earlier reply, then the end of the stream. A reset at once could overtake them, and the
     * test would not know what the client has seen.
     */
    private void cutAfterWhatTravels(Fault fault) throws InterruptedException {
        toClient.thenDo(() -> {
            try {
                toClient.end();
                server.close();
            } catch (IOException alreadyBroken) {
                // Then it is cut.
            }
            fault.strike();
            proxy.struck();
            try {
                var hungUp = gone.await(GOODBYE_SECONDS_MAX, TimeUnit.SECONDS);
                if (!hungUp) {
                    reset();
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
