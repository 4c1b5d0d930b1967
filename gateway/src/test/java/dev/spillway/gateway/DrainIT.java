// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.worker.EchoBot;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A gateway that is told to stop goes on serving while load balancers learn of it, and answers all that was sent. */
final class DrainIT {
    private static final int SENDERS = 8;
    private static final int CONNECTS_MAX = 50;

    private final PathRig rig = new PathRig();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong lastAnswers = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void nothing_that_was_sent_before_the_port_closed_is_refused() throws Exception {
        var gateway = rig.gateway(Map.of("echo", EchoBot::new), "  ingest: { lane-count: 2 }", "2s");
        var ready = URI.create("http://127.0.0.1:" + gateway.opsPort() + "/readyz");
        assertThat(status(ready)).isEqualTo(200);
        var kept = new AtomicBoolean();

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var senders = IntStream.range(0, SENDERS)
                    .mapToObj(i -> threads.submit(sender(gateway.httpPort(), i, i % 2 == 0)))
                    .toList();
            awaitAnswers(200);

            Future<Void> stopped = gateway.stop();
            awaitNotReady(ready);
            var whenNotReady = answered.get();
            awaitAnswers(whenNotReady + 200);
            kept.set(!stopped.isComplete());

            for (var sender : senders) {
                sender.get();
            }
            PathRig.await(stopped);
        }

        assertThat(kept).isTrue();
        assertThat(answered.get()).isEqualTo(sent.get());
        assertThat(lastAnswers.get()).isPositive();
        assertThat(rig.counter("added")).isGreaterThanOrEqualTo(answered.get());
    }

    // One that keeps its connection, and one that opens a new one each time. Ends when nobody listens any more.
    private Callable<Void> sender(int port, int number, boolean keeps) {
        return () -> {
            for (var i = 0; ; ) {
                try (var socket = connected(port)) {
                    if (socket == null) {
                        return null;
                    }
                    var open = true;
                    for (var first = true; open && (keeps || first); first = false) {
                        var body = PathRig.text("u" + number, "m_" + number + "_" + i++, "hello");
                        var end = keeps ? "" : "Connection: close\r\n";
                        var head = "POST /webhooks/demo HTTP/1.1\r\nHost: x\r\n" + end
                                + "X-Hub-Signature-256: sha256=" + PathRig.hmac(PathRig.SECRET, body)
                                + "\r\nContent-Length: " + body.length + "\r\n\r\n";
                        var request =
                                (head + new String(body, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
                        String answer;
                        try {
                            socket.getOutputStream().write(request);
                            answer = answer(socket);
                        } catch (IOException reset) {
                            answer = "";
                        }
                        if (answer.isEmpty() && first) {
                            // Connected by the kernel, and never taken by the process: the port closed in between.
                            awaitClosed(port);
                            return null;
                        }
                        sent.incrementAndGet();
                        assertThat(answer).startsWith("HTTP/1.1 200 ");
                        answered.incrementAndGet();
                        open = !answer.toLowerCase(Locale.ROOT).contains("connection: close");
                        if (!open && keeps) {
                            lastAnswers.incrementAndGet();
                        }
                        Thread.sleep(2);
                    }
                }
            }
        };
    }

    private static String answer(Socket socket) throws IOException {
        var text = new StringBuilder();
        while (!text.toString().contains("\r\n\r\nEVENT_RECEIVED")) {
            var next = socket.getInputStream().read();
            if (next < 0) {
                break;
            }
            text.append((char) next);
        }
        return text.toString();
    }

    private static @Nullable Socket connected(int port) throws IOException {
        for (var tried = 1; ; tried++) {
            try {
                var socket = new Socket(InetAddress.getLoopbackAddress(), port);
                socket.setSoTimeout(20_000);
                socket.setTcpNoDelay(true);
                return socket;
            } catch (ConnectException nobodyListens) {
                return null;
            } catch (SocketException reset) {
                // The port closed while the kernel connected: from then on nobody listens.
                if (tried == CONNECTS_MAX) {
                    throw reset;
                }
            }
        }
    }

    private static void awaitClosed(int port) throws IOException, InterruptedException {
        for (var deadline = System.nanoTime() + PathRig.PATIENCE.toNanos(); System.nanoTime() < deadline; ) {
            try (var socket = connected(port)) {
                if (socket == null) {
                    return;
                }
            }
            Thread.sleep(10);
        }
        throw new AssertionError("a request was lost, and the port is open");
    }

    private void awaitAnswers(long count) throws InterruptedException {
        for (var deadline = System.nanoTime() + PathRig.PATIENCE.toNanos(); answered.get() < count; ) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    private static void awaitNotReady(URI ready) throws IOException, InterruptedException {
        for (var deadline = System.nanoTime() + PathRig.PATIENCE.toNanos(); status(ready) == 200; ) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    private static int status(URI address) throws IOException {
        var connection = (HttpURLConnection) address.toURL().openConnection();
        connection.setReadTimeout(5_000);
        return connection.getResponseCode();
    }
}
