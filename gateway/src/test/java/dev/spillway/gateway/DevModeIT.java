// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.kit.GatewayProcess;
import dev.spillway.gateway.kit.Ports;
import dev.spillway.gateway.sandbox.Chromium;
import dev.spillway.gateway.sandbox.Chromium.Look;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Dev mode as a person has it: the real jar, a page in a real browser, Peter's answers through the real path. */
final class DevModeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static GatewayProcess.Launch dev(int sandboxPort) {
        return GatewayProcess.jar(
                        "dev", "--http-port", "0", "--ops-port", "0", "--sandbox-port", Integer.toString(sandboxPort))
                .flag("-Xmx256m")
                .named("dev");
    }

    @Test
    void what_is_typed_in_the_chat_page_gets_peters_answer_through_the_real_path() throws Exception {
        var port = Ports.toKeep();
        try (var process = dev(port).start()) {
            process.awaitLine("Stop with Ctrl-C", PATIENCE);
            try (var chromium = Chromium.launch();
                    var page = chromium.open("http://127.0.0.1:" + port, Look.DESK)) {
                page.says("hello");
                page.seesOwn("hello");
                page.seesDelivered();
                page.seesReplyWith("Peter");
                page.photograph("dev-mode-greeting");
                assertThat(page.problems()).isEmpty();
            }
            process.interrupt();
            assertThat(process.awaitExit(PATIENCE)).isZero();
        }
    }

    @Test
    void an_invitation_link_is_greeted_with_the_name_of_who_invited() throws Exception {
        var port = Ports.toKeep();
        try (var process = dev(port).start()) {
            process.awaitLine("Stop with Ctrl-C", PATIENCE);
            try (var chromium = Chromium.launch();
                    var page = chromium.open("http://127.0.0.1:" + port + "/?ref=Anna", Look.DESK)) {
                page.seesReplyWith("Anna");
                assertThat(page.problems()).isEmpty();
            }
        }
    }

    @Test
    void the_first_event_is_answered_soon_after_the_process_starts() throws Exception {
        var port = Ports.toKeep();
        var started = System.nanoTime();
        try (var process = dev(port).start()) {
            process.awaitLine("Stop with Ctrl-C", PATIENCE);
            post(port, "/chat/messages", "{\"page\":\"100200300400500\",\"user\":\"7001\",\"text\":\"hello\"}");
            awaitCall(port);
        }
        var took = Duration.ofNanos(System.nanoTime() - started);
        System.out.println("first event answered " + took.toMillis() + " ms after the process was started");
        // Promised below 10 s on a machine of its own; a busy machine may take several times as long.
        assertThat(took).isLessThan(PATIENCE);
    }

    private static void awaitCall(int port) throws Exception {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            var calls = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/sandbox/calls"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            if (calls.contains("message_id") || calls.contains("\"taken\":true")) {
                return;
            }
            Thread.sleep(20);
        }
        throw new AssertionError("no call of the Graph API came");
    }

    private static void post(int port, String path, String json) throws Exception {
        var answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(json))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isBetween(200, 299);
    }
}
