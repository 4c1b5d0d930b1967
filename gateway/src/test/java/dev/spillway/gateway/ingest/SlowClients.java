// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ingest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Many connections that give as little as they can and hold on as long as they can, from one thread. */
final class SlowClients implements AutoCloseable {
    enum Way {
        /** Says nothing. */
        SILENT,
        /** A header line that never ends. */
        HEAD,
        /** The same, after an ordinary request. */
        LATER_HEAD,
        /** A body that never ends. */
        BODY,
        /** Asks and asks, and reads no answer. */
        UNREAD
    }

    private static final byte[] DRIP = {'a'};

    private final List<Client> clients = new ArrayList<>();
    private final Map<Way, Integer> ended = new EnumMap<>(Way.class);
    private long shortestMillis = Long.MAX_VALUE;

    private record Client(Way way, SocketChannel channel, ByteBuffer ask, long openedNanos) {}

    void open(int port, Way way, int count) {
        for (var i = 0; i < count; i++) {
            try {
                // Before the server can know of it: it counts from there.
                var openedNanos = System.nanoTime();
                var channel = SocketChannel.open();
                if (way == Way.UNREAD) {
                    channel.setOption(StandardSocketOptions.SO_RCVBUF, 4_096);
                }
                channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                channel.configureBlocking(false);
                var opening = ByteBuffer.wrap(opening(way).getBytes(StandardCharsets.ISO_8859_1));
                channel.write(opening);
                clients.add(new Client(way, channel, opening, openedNanos));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    private static String opening(Way way) {
        return switch (way) {
            case SILENT -> "";
            case HEAD -> "POST " + EdgeRig.PATH + " HTTP/1.1\r\nX: ";
            case LATER_HEAD ->
                new String(EdgeRig.signed(EdgeRig.message("slow")), StandardCharsets.ISO_8859_1) + "POST "
                        + EdgeRig.PATH + " HTTP/1.1\r\nX: ";
            case BODY -> EdgeRig.head("POST", "X-Hub-Signature-256: x", "Content-Length: 60000");
            case UNREAD ->
                "GET " + EdgeRig.PATH + "?hub.mode=subscribe&hub.verify_token=verify-me&hub.challenge="
                        + "c".repeat(3_000) + " HTTP/1.1\r\n\r\n";
        };
    }

    /** One more drop on each connection. */
    void drip() {
        clients.removeIf(client -> {
            var over = isOver(client);
            if (over) {
                ended.merge(client.way(), 1, Integer::sum);
                shortestMillis = Math.min(shortestMillis, (System.nanoTime() - client.openedNanos()) / 1_000_000);
                close(client);
            }
            return over;
        });
    }

    private static boolean isOver(Client client) {
        try {
            switch (client.way()) {
                case SILENT -> {}
                case HEAD, LATER_HEAD, BODY -> client.channel().write(ByteBuffer.wrap(DRIP));
                case UNREAD -> {
                    // The connection's end shows in a write that fails, as nothing is read.
                    do {
                        if (!client.ask().hasRemaining()) {
                            client.ask().rewind();
                        }
                    } while (client.channel().write(client.ask()) > 0);
                    return false;
                }
            }
            var answer = ByteBuffer.allocate(1_024);
            var read = 0;
            while ((read = client.channel().read(answer)) > 0) {
                answer.clear();
            }
            return read < 0;
        } catch (IOException ended) {
            return true;
        }
    }

    /** How many of this way are over. */
    int ended(Way way) {
        return ended.getOrDefault(way, 0);
    }

    int open() {
        return clients.size();
    }

    /** How long the shortest of those that are over lasted. */
    long shortestMillis() {
        return shortestMillis;
    }

    private static void close(Client client) {
        try {
            client.channel().close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        clients.forEach(SlowClients::close);
    }
}
