// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Says what a test tells it to say, for answers that a real server is hard to bring to: introduces itself as a primary,
 * and answers every other command with one line. Threads: virtual ones.
 */
public final class ScriptedRedis implements AutoCloseable {
    private static final int WORDS_MAX = 1_000;
    private static final int WORD_BYTES_MAX = 1 << 20;

    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger introductions = new AtomicInteger();
    private volatile String answer = "+OK";

    private ScriptedRedis(ServerSocket listener) {
        this.listener = listener;
    }

    public static ScriptedRedis start() {
        try {
            var server = new ScriptedRedis(new ServerSocket(0, 64, InetAddress.getLoopbackAddress()));
            Thread.ofVirtual().start(server::accept);
            return server;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public String uri() {
        return "redis://127.0.0.1:" + listener.getLocalPort();
    }

    /** The line that commands get from now on, with its type: {@code -READONLY …} or {@code +OK}. */
    public void answer(String line) {
        answer = line;
    }

    /** How many connections have asked who this is. */
    public int introductions() {
        return introductions.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var socket = listener.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closing) {
                // The next look at the listener ends this.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            while (true) {
                socket.getOutputStream().write((answerTo(command(in)) + "\r\n").getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException over) {
            open.remove(socket);
        }
    }

    private String answerTo(List<String> command) {
        return switch (command.getFirst().toUpperCase(Locale.ROOT)) {
            case "HELLO" -> "-ERR unknown command";
            case "PING" -> "+PONG";
            case "CLIENT" -> ":7";
            case "INFO" -> {
                introductions.incrementAndGet();
                var info = "run_id:scripted\r\nmaster_replid:scripted\r\nrole:master\r\n";
                yield "$" + info.length() + "\r\n" + info;
            }
            default -> answer;
        };
    }

    private static List<String> command(DataInputStream in) throws IOException {
        var words = new ArrayList<String>();
        for (var left = number(in, '*', WORDS_MAX); left > 0; left--) {
            var word = new byte[number(in, '$', WORD_BYTES_MAX)];
            in.readFully(word);
            in.skipNBytes(2);
            words.add(new String(word, StandardCharsets.UTF_8));
        }
        return words;
    }

    private static int number(InputStream in, char type, int max) throws IOException {
        if (in.read() != type) {
            throw new IOException("no " + type);
        }
        var number = 0;
        for (var digit = in.read(); digit != '\r'; digit = in.read()) {
            number = number * 10 + digit - '0';
            if (digit < '0' || digit > '9' || number > max) {
                throw new IOException("no number up to " + max);
            }
        }
        in.skipNBytes(1);
        return number;
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (var socket : open) {
                socket.close();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
