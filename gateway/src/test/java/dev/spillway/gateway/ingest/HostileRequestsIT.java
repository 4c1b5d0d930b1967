// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Fault 24: requests that no honest sender makes. Each has its answer, and then the connection ends. */
final class HostileRequestsIT {
    private static final String SIGNED = "X-Hub-Signature-256: sha256=" + "0".repeat(64);
    private static final String HELLO = "\r\n5\r\nhello\r\n0\r\n\r\n";

    private final EdgeRig edge = EdgeRig.with("body-bytes-max: 64KiB", "header-timeout: 1s", "body-timeout: 1s");

    @AfterEach
    void close() {
        edge.close();
    }

    @TestFactory
    Stream<DynamicTest> each_is_answered_and_the_connection_ends() {
        return Map.ofEntries(
                        Map.entry(
                                "both lengths", vector(400, SIGNED, "Content-Length: 5", "Transfer-Encoding: chunked")),
                        Map.entry("an unknown coding", vector(400, SIGNED, "Transfer-Encoding: chunked, xchunked")),
                        Map.entry(
                                "chunked twice",
                                vector(400, SIGNED, "Transfer-Encoding: chunked", "Transfer-Encoding: x")),
                        Map.entry("a coding that is not chunked", vector(400, SIGNED, "Transfer-Encoding: xchunked")),
                        Map.entry("two lengths", vector(400, SIGNED, "Content-Length: 5", "Content-Length: 6")),
                        Map.entry("two equal lengths", vector(400, SIGNED, "Content-Length: 5", "Content-Length: 5")),
                        Map.entry("a list of lengths", vector(400, SIGNED, "Content-Length: 5, 5")),
                        Map.entry("a length in words", vector(400, SIGNED, "Content-Length: five")),
                        Map.entry("a length with a sign", vector(400, SIGNED, "Content-Length: +5")),
                        Map.entry("a negative length", vector(400, SIGNED, "Content-Length: -5")),
                        Map.entry(
                                "a length beyond a long", vector(400, SIGNED, "Content-Length: 99999999999999999999")),
                        Map.entry("a huge length", vector(413, SIGNED, "Content-Length: 9223372036854775807")),
                        Map.entry("a length over the cap", vector(413, SIGNED, "Content-Length: 65537")),
                        Map.entry("a huge chunk", chunked(413, "FFFFFFF\r\n" + "x".repeat(70_000))),
                        Map.entry("a chunk size that is no number", chunked(400, "zz\r\nhello\r\n0\r\n\r\n")),
                        Map.entry("a negative chunk size", chunked(400, "-5\r\nhello\r\n0\r\n\r\n")),
                        Map.entry("a chunk that is longer than it says", chunked(400, "2\r\nhello\r\n0\r\n\r\n")),
                        Map.entry("endless trailers", chunked(400, "0\r\n" + "a: b\r\n".repeat(5_000))),
                        Map.entry("a space before the colon", vector(400, SIGNED, "Content-Length : 5")),
                        // The decoder unfolds it, as a standard allows; so it is read in one way only.
                        Map.entry("a folded header", vector(401, "Content-Length: 11", "X: a\r\n b")),
                        Map.entry("a NUL in a header", vector(400, SIGNED, "X: a\0b")),
                        Map.entry("64 KiB of headers", vector(431, "X: " + "x".repeat(65_536))),
                        Map.entry("10,000 headers", vector(431, "a: b\r\n".repeat(10_000) + "c: d")),
                        Map.entry("an unknown expectation", vector(417, SIGNED, "Expect: tea", "Content-Length: 5")),
                        Map.entry(
                                "chunked in HTTP/1.0",
                                new Vector(
                                        400,
                                        "POST /webhooks/demo HTTP/1.0\r\n" + SIGNED
                                                + "\r\nTransfer-Encoding: chunked\r\n" + HELLO)),
                        Map.entry(
                                "a request line of 64 KiB",
                                new Vector(414, "GET /" + "x".repeat(65_536) + " HTTP/1.1\r\n\r\n")),
                        Map.entry("HTTP/2 at once", new Vector(400, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")),
                        Map.entry("HTTP/3.7", new Vector(400, "GET /webhooks/demo HTTP/3.7\r\n\r\n")),
                        Map.entry("no HTTP at all", new Vector(400, "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n")),
                        Map.entry("a method that is no word", new Vector(400, "PO(ST /webhooks/demo HTTP/1.1\r\n\r\n")),
                        Map.entry("an unknown method", new Vector(405, "BREW /webhooks/demo HTTP/1.1\r\n\r\n")),
                        Map.entry("a known method", new Vector(405, "DELETE /webhooks/demo HTTP/1.1\r\n\r\n")),
                        Map.entry("TRACE", new Vector(405, "TRACE /webhooks/demo HTTP/1.1\r\n\r\n")),
                        Map.entry("CONNECT", new Vector(404, "CONNECT edge:443 HTTP/1.1\r\n\r\n")),
                        Map.entry("a star", new Vector(404, "OPTIONS * HTTP/1.1\r\n\r\n")),
                        Map.entry(
                                "an upgrade",
                                new Vector(
                                        404,
                                        head(
                                                "GET /",
                                                "Connection: Upgrade",
                                                "Upgrade: websocket",
                                                "Sec-WebSocket-Version: 13"))),
                        Map.entry(
                                "an upgrade to HTTP/2",
                                new Vector(
                                        404,
                                        head(
                                                "GET /",
                                                "Connection: Upgrade, HTTP2-Settings",
                                                "Upgrade: h2c",
                                                "HTTP2-Settings: AAA"))),
                        Map.entry("an encoded path", new Vector(404, "GET /webhooks/%64emo HTTP/1.1\r\n\r\n")),
                        Map.entry("a way up", new Vector(404, "GET /webhooks/x/../demo HTTP/1.1\r\n\r\n")),
                        Map.entry("another app", new Vector(404, "POST /webhooks/other HTTP/1.1\r\n\r\n")),
                        Map.entry("a whole URL with no app", new Vector(404, "GET http://edge/ HTTP/1.1\r\n\r\n")),
                        Map.entry("a whole URL", new Vector(405, "DELETE http://edge/webhooks/demo HTTP/1.1\r\n\r\n")))
                .entrySet()
                .stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> refused(entry.getValue())));
    }

    private static String head(String target, String... headers) {
        return target + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
    }

    @Test
    void a_refusal_can_be_read_by_a_sender_that_sends_everything_first() {
        for (var i = 0; i < 20; i++) {
            try (var http = edge.connect()) {
                http.send(EdgeRig.head("POST", "Content-Length: 4000000"));
                for (var part = 0; part < 40; part++) {
                    http.send(new byte[100_000]);
                }

                assertThat(http.readToEnd()).startsWith("HTTP/1.1 401 ");
            }
        }
    }

    @Test
    void a_sender_that_asks_first_is_told_to_go_on_or_not_to() {
        var body = EdgeRig.message("m_1");
        try (var http = edge.connect()) {
            http.send(EdgeRig.head(
                    "POST",
                    "X-Hub-Signature-256: " + EdgeRig.signature(body),
                    "Content-Length: " + body.length,
                    "Expect: 100-continue"));
            assertThat(http.read()).startsWith("HTTP/1.1 100 ");
            assertThat(http.send(body).read()).startsWith("HTTP/1.1 200 ");
        }

        assertThat(edge.exchange(EdgeRig.head("POST", SIGNED, "Content-Length: 70000", "Expect: 100-continue")))
                .startsWith("HTTP/1.1 413 ");
    }

    @Test
    void pipelined_requests_are_answered_in_order_and_none_after_a_refusal() {
        var good = new String(EdgeRig.signed(EdgeRig.message("m_1")), StandardCharsets.ISO_8859_1);
        var bad = new String(EdgeRig.post(EdgeRig.message("m_1"), "sha256=00"), StandardCharsets.ISO_8859_1);

        var answers = edge.exchange(good.repeat(30) + bad + good.repeat(3));

        assertThat(answers.split("HTTP/1.1 200 ", -1)).hasSize(31);
        assertThat(answers.split("HTTP/1.1 401 ", -1)).hasSize(2);
        assertThat(edge.stored.get()).isEqualTo(30);
    }

    @Test
    void a_chunked_body_is_read_and_one_without_an_end_is_not_waited_for() {
        var body = EdgeRig.message("m_1");
        var head =
                EdgeRig.head("POST", "X-Hub-Signature-256: " + EdgeRig.signature(body), "Transfer-Encoding: chunked");
        var chunk = Integer.toHexString(body.length) + "\r\n" + new String(body, StandardCharsets.UTF_8) + "\r\n";

        try (var http = edge.connect()) {
            assertThat(http.send(head + chunk + "0\r\n\r\n").read()).startsWith("HTTP/1.1 200 ");
        }
        assertThat(edge.exchange(head + chunk)).startsWith("HTTP/1.1 408 ");
        assertThat(edge.stored.get()).isEqualTo(1);
    }

    @Test
    void a_zip_bomb_is_a_short_text_that_nobody_unpacks() {
        var bomb = new byte[1_000];

        try (var http = edge.connect()) {
            http.send(EdgeRig.head(
                    "POST",
                    "X-Hub-Signature-256: " + EdgeRig.signature(bomb),
                    "Content-Encoding: gzip",
                    "Content-Length: " + bomb.length));
            assertThat(http.send(bomb).read()).startsWith("HTTP/1.1 200 ");
        }

        assertThat(edge.quarantined).containsExactly("NOT_JSON");
    }

    @Test
    void what_a_sender_declares_takes_no_room() {
        var senders = Stream.generate(edge::connect).limit(200).toList();
        try {
            senders.forEach(http -> http.send(EdgeRig.head("POST", SIGNED, "Content-Length: 65536") + "x"));
            EdgeRig.awaitThat("all are being read", () -> edge.gauge("spillway.ingest.connections") == 200);

            assertThat(edge.gauge("spillway.ingest.inflight.bytes")).isLessThan(200 * 100);
            assertThat(senders).allSatisfy(http -> assertThat(http.readToEnd()).startsWith("HTTP/1.1 408 "));
        } finally {
            senders.forEach(RawHttp::close);
        }
        assertThat(edge.gauge("spillway.ingest.inflight.bytes")).isZero();
    }

    @Test
    void a_connection_too_many_is_closed_at_once_and_the_others_go_on() {
        try (var small = EdgeRig.with("connections-max: 3");
                var first = small.connect();
                var second = small.connect();
                var third = small.connect()) {
            EdgeRig.awaitThat("three are open", () -> small.gauge("spillway.ingest.connections") == 3);

            try (var fourth = small.connect()) {
                assertThat(fourth.readToEnd()).isEmpty();
            }
            for (var http : new RawHttp[] {first, second, third}) {
                assertThat(http.send(EdgeRig.signed(EdgeRig.message("m"))).read())
                        .startsWith("HTTP/1.1 200 ");
            }
            assertThat(small.registry
                            .get("spillway.ingest.connections.refused")
                            .counter()
                            .count())
                    .isEqualTo(1);

            third.hangUp();
            EdgeRig.awaitThat("one has left", () -> small.gauge("spillway.ingest.connections") == 2);
            try (var again = small.connect()) {
                assertThat(again.send(EdgeRig.signed(EdgeRig.message("m"))).read())
                        .startsWith("HTTP/1.1 200 ");
            }
        }
    }

    private record Vector(int status, String bytes) {}

    private static Vector vector(int status, String... headers) {
        return new Vector(status, EdgeRig.head("POST", headers) + HELLO);
    }

    private static Vector chunked(int status, String chunks) {
        return new Vector(status, EdgeRig.head("POST", SIGNED, "Transfer-Encoding: chunked") + chunks);
    }

    private void refused(Vector vector) {
        assertThat(edge.exchange(vector.bytes()))
                .matches("(?s)HTTP/[0-9]\\.[0-9] " + vector.status() + " .*")
                .containsIgnoringCase("connection: close")
                .endsWith("\r\n\r\n");
        assertThat(edge.stored.get()).isZero();
        assertThat(edge.serverErrors()).isZero();
        EdgeRig.awaitThat("no connection is left", () -> edge.gauge("spillway.ingest.connections") == 0);
        assertThat(edge.gauge("spillway.ingest.inflight.bytes")).isZero();
    }
}
