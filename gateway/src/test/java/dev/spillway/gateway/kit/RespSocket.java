// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client without any cleverness: what is asked goes out once, what comes in is shown as it came. */
final class RespSocket implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    RespSocket(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        in = new BufferedInputStream(socket.getInputStream());
        timeout(Duration.ofSeconds(10));
    }

    /** The answer to one command, on a connection of its own; an error is thrown. */
    static String askOnce(int port, String command) {
        try (var socket = new RespSocket(port)) {
            var reply = socket.ask(command);
            if (reply.startsWith("-")) {
                throw new IllegalStateException(command + ": " + reply);
            }
            return reply;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    void timeout(Duration timeout) throws IOException {
        socket.setSoTimeout((int) timeout.toMillis());
    }

    /** All in one write; a command's words are separated by single spaces. */
    void send(String... commands) throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (var command : commands) {
            var words = command.split(" ", -1);
            bytes.writeBytes(("*" + words.length + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            for (var word : words) {
                bytes.writeBytes(("$" + word.length() + "\r\n" + word + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        bytes.writeTo(socket.getOutputStream());
    }

    /** One reply or push as it came, without the last line end. */
    String read() throws IOException {
        var scanner = RespScanner.ofReplies();
        var reply = new ByteArrayOutputStream();
        var one = new byte[1];
        do {
            if (in.read(one) < 0) {
                throw new EOFException("the connection ended");
            }
            reply.write(one, 0, 1);
        } while (scanner.endOfFrame(one, 0, 1) < 0);
        return reply.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    String ask(String command) throws IOException {
        send(command);
        return read();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
