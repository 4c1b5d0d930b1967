// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dev;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Asks a port whether the server with this process id is ready there, and not somebody else's. */
final class RedisProbe {
    /** Not "localhost", which may mean ::1. */
    static final String HOST = "127.0.0.1";

    private static final byte[] ADDRESS = {127, 0, 0, 1};
    private static final int WAIT_MILLIS = 1_000;
    private static final int ANSWER_BYTES_MAX = 16_384;
    private static final byte[] QUESTION = "PING\r\nINFO server\r\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII);

    private RedisProbe() {}

    static boolean ready(int port, long pid) {
        try (var socket = new Socket()) {
            socket.setSoTimeout(WAIT_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getByAddress(ADDRESS), port), WAIT_MILLIS);
            socket.getOutputStream().write(QUESTION);
            var answer = new String(socket.getInputStream().readNBytes(ANSWER_BYTES_MAX), StandardCharsets.US_ASCII);
            return answer.startsWith("+PONG\r\n") && answer.contains("process_id:" + pid + "\r\n");
        } catch (IOException notYet) {
            return false;
        }
    }
}
