// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes at random against the live public port: an answer below 500 or an end, always in time, and nothing stays behind. */
final class HttpFuzzIT {
    private static final int SENDERS = 16;
    private static final int CASES = 100;
    private static final List<String> WORDS = List.of(
            "\r\n",
            "\r\n\r\n",
            "\n",
            "\0",
            ":",
            ": ",
            " ",
            "\t",
            "Content-Length: 3\r\n",
            "Content-Length: 99999\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Expect: 100-continue\r\n",
            "Connection: close\r\n",
            "Connection: upgrade\r\nUpgrade: websocket\r\n",
            "HTTP/1.0",
            "HTTP/2.0",
            "GET ",
            "PRI * ",
            "\r\n0\r\n\r\n",
            "ffffffffffffffff\r\n",
            "%00",
            "http://x/",
            "?",
            "#",
            "x".repeat(5_000));

    private final EdgeRig edge = EdgeRig.with("header-timeout: 500ms", "body-timeout: 500ms", "idle-timeout: 1s");

    @AfterEach
    void close() {
        edge.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void no_bytes_lead_to_a_server_error_a_hang_or_a_leak(long seed) throws Exception {
        run(new Random(seed), 50); // warm
        var heapBefore = heapAfterGc();
        var answers = 0;

        try (var threads = Executors.newFixedThreadPool(SENDERS)) {
            var senders = LongStream.range(0, SENDERS)
                    .mapToObj(i -> threads.submit(() -> run(new Random(seed * SENDERS + i), CASES)))
                    .toList();
            for (var sender : senders) {
                answers += sender.get();
            }
        }

        assertThat(answers).as("seed %d", seed).isGreaterThan(SENDERS * CASES / 10);
        assertThat(edge.serverErrors()).as("seed %d", seed).isZero();
        EdgeRig.awaitThat("no connection is left, seed " + seed, () -> edge.gauge("spillway.ingest.connections") == 0);
        assertThat(edge.gauge("spillway.ingest.inflight.bytes")).isZero();
        assertThat(edge.gauge("spillway.ingest.inflight.events")).isZero();
        assertThat(heapAfterGc() - heapBefore).isLessThan(64L << 20);
        assertThat(edge.connect().send(EdgeRig.signed(EdgeRig.message("m"))).read())
                .startsWith("HTTP/1.1 200 ");
    }

    private int run(Random random, int cases) {
        var answers = 0;
        for (var i = 0; i < cases; i++) {
            try (var http = edge.connect()) {
                http.send(mutated(random));
                // Some wait for what the other side does, with their own half ended or not; some just leave.
                if (random.nextInt(20) > 0) {
                    http.endSending();
                }
                if (random.nextInt(50) > 0) {
                    var answer = http.readToEnd();
                    answers += answer.isEmpty() ? 0 : 1;
                    assertThat(answer).doesNotContainPattern("HTTP/[0-9.]+ 5");
                }
            } catch (UncheckedIOException reset) {
                // Ended with a reset, as the sender left bytes unread on either side.
                assertThat(reset.getCause()).isNotInstanceOf(java.net.SocketTimeoutException.class);
            }
        }
        return answers;
    }

    private static byte[] mutated(Random random) {
        if (random.nextInt(10) == 0) {
            var noise = new byte[random.nextInt(2_000)];
            random.nextBytes(noise);
            return noise;
        }
        var bytes = EdgeRig.signed(EdgeRig.message("m_" + random.nextInt()));
        for (var changes = 1 + random.nextInt(4); changes > 0; changes--) {
            var at = random.nextInt(1 + bytes.length);
            bytes = switch (random.nextInt(5)) {
                case 0 -> {
                    bytes[at % Math.max(1, bytes.length)] = (byte) random.nextInt(256);
                    yield bytes;
                }
                case 1 -> spliced(bytes, at, at, WORDS.get(random.nextInt(WORDS.size())));
                case 2 -> spliced(bytes, at, Math.min(bytes.length, at + random.nextInt(40)), "x");
                case 3 -> Arrays.copyOf(bytes, Math.max(1, at));
                default -> spliced(bytes, at, at, new String(bytes, StandardCharsets.ISO_8859_1));
            };
        }
        return bytes;
    }

    private static byte[] spliced(byte[] bytes, int from, int to, String with) {
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        return (text.substring(0, from) + with + text.substring(to)).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static long heapAfterGc() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
