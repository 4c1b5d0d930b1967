// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of this machine's loopback. */
final class Ports {
    private static final int TRIED_MAX = 100;
    private static final int ANSWER_MILLIS = 2_000;
    private static final long PAUSE_MILLIS = 50;

    private Ports() {}

    /** A free one, below those that systems take for outgoing connections, so that none of ours takes it meanwhile. */
    static int free() throws IOException {
        for (var tried = 1; ; tried++) {
            var candidate = ThreadLocalRandom.current().nextInt(16_000, 32_000);
            try (var socket = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                if (tried == TRIED_MAX) {
                    throw taken;
                }
            }
        }
    }

    /** Waits until this request is answered with 200. */
    static void awaitOk(int port, byte[] request, Child child, Duration patience)
            throws IOException, InterruptedException {
        var deadline = System.nanoTime() + patience.toNanos();
        while (!status(port, request).equals("200")) {
            child.requireRunning();
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("no 200 on port " + port + " in " + patience.toSeconds() + " s; it printed:\n"
                        + child.lastLines());
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private static String status(int port, byte[] request) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.getOutputStream().write(request);
            var head = new String(socket.getInputStream().readNBytes("HTTP/1.1 200".length()), US_ASCII);
            return head.substring(head.indexOf(' ') + 1);
        } catch (IOException notYet) {
            return "";
        }
    }
}
