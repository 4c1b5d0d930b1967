// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenLoopIT {
    private static final Schedule HUNDRED_IN_A_SECOND = Schedule.of(List.of(new Schedule.Step(100, 1)));

    private final AtomicInteger requests = new AtomicInteger();
    private HttpServer server = stopped();

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void every_request_is_sent_once_and_answered() throws IOException {
        start(0, 200);

        var paced = run();

        assertThat(requests).hasValue(100);
        assertThat(paced.statuses()).isEqualTo(Map.of(200, 100L));
        assertThat(paced.acked().cardinality()).isEqualTo(100);
    }

    /** In a closed loop only one request would have seen the pause; here all that were due meanwhile waited for it. */
    @Test
    void a_pause_of_the_server_counts_for_all_that_were_due_in_it() throws IOException {
        start(400, 200);

        assertThat(run().millis(0.8)).isGreaterThan(100);
    }

    @Test
    void a_refusal_is_an_answer() throws IOException {
        start(0, 503);

        var paced = run();

        assertThat(paced.statuses()).isEqualTo(Map.of(503, 100L));
        assertThat(paced.acked().isEmpty()).isTrue();
    }

    private Paced run() throws IOException {
        return OpenLoop.run(
                server.getAddress().getPort(), 1, new Bodies("r1", 1_760_000_000_000L, 1), HUNDRED_IN_A_SECOND);
    }

    // The first answer comes after a pause.
    private void start(long pauseMillis, int status) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.createContext(Bodies.PATH, exchange -> answer(exchange, pauseMillis, status));
        server.start();
    }

    private void answer(HttpExchange exchange, long pauseMillis, int status) throws IOException {
        exchange.getRequestBody().readAllBytes();
        if (requests.incrementAndGet() == 1) {
            pause(pauseMillis);
        }
        var body = "EVENT_RECEIVED".getBytes(US_ASCII);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static HttpServer stopped() {
        try {
            return HttpServer.create();
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }
}
