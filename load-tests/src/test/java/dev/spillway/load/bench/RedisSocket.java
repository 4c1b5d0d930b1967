// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A connection to Redis for one command at a time. For one thread. */
final class RedisSocket implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    RedisSocket(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
        out = new BufferedOutputStream(socket.getOutputStream());
    }

    /** The answer in text; an error is an {@link IOException}. */
    String text(String... command) throws IOException {
        return answer(command) instanceof byte[] bytes ? new String(bytes, UTF_8) : "";
    }

    /** The answer's values, one after the other, however deep they are nested. */
    List<byte[]> values(String... command) throws IOException {
        var values = new ArrayList<byte[]>();
        flatten(answer(command), values);
        return values;
    }

    /** Bytes, or a list of answers. */
    Object answer(String... command) throws IOException {
        return answer(Stream.of(command).map(word -> word.getBytes(UTF_8)).toList());
    }

    /** The same to a command that is not all text. */
    Object answer(List<byte[]> command) throws IOException {
        write(command);
        out.flush();
        return read();
    }

    private void write(List<byte[]> command) throws IOException {
        out.write(("*" + command.size() + "\r\n").getBytes(UTF_8));
        for (var bytes : command) {
            out.write(("$" + bytes.length + "\r\n").getBytes(UTF_8));
            out.write(bytes);
            out.write(CRLF);
        }
    }

    /** All in one go, and then their answers; no more than a few hundred. */
    List<Object> answers(List<List<byte[]>> commands) throws IOException {
        for (var command : commands) {
            write(command);
        }
        out.flush();
        var answers = new ArrayList<Object>(commands.size());
        for (var i = 0; i < commands.size(); i++) {
            answers.add(read());
        }
        return answers;
    }

    private Object read() throws IOException {
        var head = line();
        var rest = head.substring(1);
        return switch (head.charAt(0)) {
            case '+', ':' -> rest.getBytes(UTF_8);
            case '$' -> bulk(Integer.parseInt(rest));
            case '*' -> list(Integer.parseInt(rest));
            case '-' -> throw new IOException("Redis says: " + rest);
            default -> throw new IOException("not an answer of Redis: " + head);
        };
    }

    private byte[] bulk(int length) throws IOException {
        if (length < 0) {
            return new byte[0];
        }
        var bytes = new byte[length];
        in.readFully(bytes);
        in.skipNBytes(CRLF.length);
        return bytes;
    }

    private List<Object> list(int length) throws IOException {
        var list = new ArrayList<Object>(Math.max(0, length));
        for (var i = 0; i < length; i++) {
            list.add(read());
        }
        return list;
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (var next = in.read(); next != '\r'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("Redis closed the connection");
            }
            line.append((char) next);
        }
        in.skipNBytes(1);
        if (line.isEmpty()) {
            throw new IOException("an empty answer of Redis");
        }
        return line.toString();
    }

    private static void flatten(Object answer, List<byte[]> into) {
        if (answer instanceof byte[] bytes) {
            into.add(bytes);
        } else if (answer instanceof List<?> list) {
            list.forEach(one -> flatten(one, into));
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static final byte[] CRLF = {'\r', '\n'};
}
