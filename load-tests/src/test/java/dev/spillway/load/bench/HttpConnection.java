// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Locale;

/** One connection of the open loop: one request at a time, and as much of HTTP/1.1 as our contenders answer with. */
final class HttpConnection {
    static final int UNFINISHED = -1;
    /** The connection ended without a whole answer. */
    static final int BROKEN = 0;

    private static final int ANSWER_BYTES_MAX = 8192;
    private static final String LENGTH = "content-length:";

    private final InetSocketAddress address;
    private final Selector selector;
    private final ByteBuffer in = ByteBuffer.allocateDirect(ANSWER_BYTES_MAX);
    private SocketChannel channel;
    private int request = -1;

    private HttpConnection(InetSocketAddress address, Selector selector, SocketChannel channel) {
        this.address = address;
        this.selector = selector;
        this.channel = channel;
    }

    static HttpConnection open(InetSocketAddress address, Selector selector) throws IOException {
        var connection = new HttpConnection(address, selector, connect(address));
        connection.channel.register(selector, SelectionKey.OP_READ, connection);
        return connection;
    }

    // On loopback a connection is made at once or refused.
    private static SocketChannel connect(InetSocketAddress address) throws IOException {
        var channel = SocketChannel.open(address);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        return channel;
    }

    /** Sends; false if the connection is broken. A request of ours always fits the socket's empty buffer. */
    boolean send(byte[] bytes, int number) {
        in.clear();
        try {
            var out = ByteBuffer.wrap(bytes);
            channel.write(out);
            if (out.hasRemaining()) {
                return false;
            }
        } catch (IOException broken) {
            return false;
        }
        request = number;
        return true;
    }

    /** Reads what is there: the status of the answer once it is whole, {@link #UNFINISHED} or {@link #BROKEN}. */
    int receive() {
        try {
            if (channel.read(in) < 0 || !in.hasRemaining()) {
                return BROKEN;
            }
        } catch (IOException broken) {
            return BROKEN;
        }
        var bytes = new byte[in.position()];
        in.get(0, bytes);
        return status(new String(bytes, US_ASCII));
    }

    /** The status of an answer, if it is whole. */
    static int status(String answer) {
        var end = answer.indexOf("\r\n\r\n");
        if (end < 0) {
            return UNFINISHED;
        }
        var head = answer.substring(0, end).toLowerCase(Locale.ROOT);
        var at = head.indexOf(LENGTH);
        var line = at < 0 ? -1 : head.indexOf('\r', at);
        var length = at < 0
                ? 0
                : Integer.parseInt(head.substring(at + LENGTH.length(), line < 0 ? head.length() : line)
                        .strip());
        return answer.length() < end + 4 + length ? UNFINISHED : Integer.parseInt(head.substring(9, 12));
    }

    /** The number of the request that was under way, -1 if none was; now none is. */
    int takeRequest() {
        var number = request;
        request = -1;
        return number;
    }

    /** Connects again; stays broken if that is refused, and the next request on it counts as unanswered. */
    void reopen() {
        close();
        try {
            channel = connect(address);
            channel.register(selector, SelectionKey.OP_READ, this);
        } catch (IOException refused) {
            // The next send says so.
        }
    }

    void close() {
        try {
            channel.close();
        } catch (IOException closed) {
            // It is gone either way.
        }
    }
}
