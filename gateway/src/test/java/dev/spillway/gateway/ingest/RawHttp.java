// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ingest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** A connection on which a test writes any bytes, and sees any answer and every end. */
final class RawHttp implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;
    private static final Pattern LENGTH = Pattern.compile("content-length: ([0-9]+)", Pattern.CASE_INSENSITIVE);

    private final Socket socket = new Socket();

    static RawHttp connect(int port) {
        var http = new RawHttp();
        try {
            http.socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            http.socket.setSoTimeout(PATIENCE_MILLIS);
            http.socket.setTcpNoDelay(true);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return http;
    }

    RawHttp send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawHttp send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return this;
    }

    /** One whole answer, head and body; what is there of it if the other side ends it. */
    String read() {
        var answer = new ByteArrayOutputStream();
        try {
            while (true) {
                var text = answer.toString(StandardCharsets.ISO_8859_1);
                var end = text.indexOf("\r\n\r\n");
                if (end >= 0) {
                    var length = LENGTH.matcher(text);
                    if (text.length() >= end + 4 + (length.find() ? Integer.parseInt(length.group(1)) : 0)) {
                        return text;
                    }
                }
                var next = socket.getInputStream().read();
                if (next < 0) {
                    return text;
                }
                answer.write(next);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Everything up to the end of the connection. A reset is an {@link UncheckedIOException}. */
    String readToEnd() {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Says that nothing more will be sent. */
    void endSending() {
        try {
            socket.shutdownOutput();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Closes it before its time. */
    void hangUp() {
        close();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
