// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import static dev.spillway.gateway.sandbox.GatewayStub.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChatIT {
    private static final String EVENTS = "/chat/events?page=100&user=7001";

    private final Vertx vertx = Vertx.vertx();
    private GatewayStub gateway;
    private Sandbox sandbox;
    private Http http;

    @BeforeEach
    void start() throws Exception {
        gateway = GatewayStub.start(vertx);
        sandbox = await(Sandbox.start(
                vertx,
                SandboxOptions.defaults()
                        .withApp("demo", GatewayStub.secret(), gateway.url())
                        .withPage("100", "demo", "token", "Peter")));
        http = new Http(sandbox.url());
    }

    @AfterEach
    void stop() throws Exception {
        http.close();
        await(vertx.close());
    }

    @Test
    void an_open_page_sees_what_happens_as_it_happens() throws Exception {
        var stream = http.lines(EVENTS);
        assertThat(next(stream, "history").path("lines")).isEmpty();

        say("\"text\":\"hello\"");
        assertThat(next(stream, "line").path("text").asText()).isEqualTo("hello");
        var delivery = next(stream, "delivery");
        assertThat(delivery.path("status").asInt()).isEqualTo(200);
        assertThat(delivery.path("of").asInt()).isEqualTo(1);

        http.post("/v26.0/me/messages", "token", "{\"recipient\":{\"id\":\"7001\"},\"sender_action\":\"typing_on\"}");
        assertThat(next(stream, "action").path("action").asText()).isEqualTo("typing_on");

        answer("line\\nfeed");
        assertThat(next(stream, "line").at("/message/text").asText()).isEqualTo("line\nfeed");
    }

    @Test
    void a_page_that_is_opened_later_gets_the_conversation_so_far() throws Exception {
        next(http.lines(EVENTS), "history");
        say("\"text\":\"hello\"");
        answer("hello back");
        await(sandbox.awaitCalls(1, Duration.ofSeconds(20)));

        var lines = next(http.lines(EVENTS), "history").path("lines");

        assertThat(lines).hasSize(2);
        assertThat(lines.at("/0/from").asText()).isEqualTo("user");
        assertThat(lines.at("/1/message/text").asText()).isEqualTo("hello back");
    }

    @Test
    void a_refused_webhook_is_seen_to_be_retried() throws Exception {
        gateway.next(response -> response.setStatusCode(503).end());
        var stream = http.lines(EVENTS);

        say("\"text\":\"hello\"");

        var first = next(stream, "delivery");
        assertThat(first.path("status").asInt()).isEqualTo(503);
        assertThat(first.path("retried").asBoolean()).isTrue();
        var second = next(stream, "delivery");
        assertThat(second.path("status").asInt()).isEqualTo(200);
        assertThat(second.path("attempts").asInt()).isEqualTo(2);
    }

    @Test
    void a_link_opens_a_new_conversation_by_a_postback_and_an_old_one_by_a_referral() throws Exception {
        var stream = http.lines(EVENTS);
        say("\"referral\":{\"ref\":\"Anna\"}");
        next(stream, "delivery");
        say("\"referral\":{\"ref\":\"Tom\"}");
        next(stream, "delivery");

        assertThat(gateway.posted().getFirst().body())
                .contains("\"payload\":\"GET_STARTED\",\"referral\":{\"ref\":\"Anna\"");
        assertThat(gateway.posted().getLast().body())
                .contains("\"referral\":{\"ref\":\"Tom\"")
                .doesNotContain("postback");
    }

    @Test
    void a_conversation_keeps_its_last_200_lines() throws Exception {
        next(http.lines(EVENTS), "history");
        for (var i = 1; i <= 201; i++) {
            answer("n" + i);
        }

        var lines = next(http.lines(EVENTS), "history").path("lines");

        assertThat(lines).hasSize(200);
        assertThat(lines.at("/0/message/text").asText()).isEqualTo("n2");
    }

    @Test
    void the_page_forbids_everything_that_is_not_its_own() throws Exception {
        var page = http.get("/");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy).startsWith("default-src 'none'; script-src 'self'"));
        assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(page.body()).doesNotContain("http://", "https://", "style=", "onclick");
        assertThat(http.get("/chat/pages").body()).isEqualTo("{\"pages\":[{\"id\":\"100\",\"name\":\"Peter\"}]}");
    }

    private void say(String what) throws Exception {
        var answer = http.post("/chat/messages", "", "{\"page\":\"100\",\"user\":\"7001\"," + what + "}");
        assertThat(answer.status()).isEqualTo(202);
    }

    private void answer(String text) throws Exception {
        var body = "{\"recipient\":{\"id\":\"7001\"},\"messaging_type\":\"RESPONSE\",\"message\":{\"text\":\"" + text
                + "\"}}";
        assertThat(http.post("/v26.0/me/messages", "token", body).status()).isEqualTo(200);
    }

    private static JsonNode next(Iterator<String> stream, String event) {
        while (!stream.next().equals("event: " + event)) {
            // What comes between is another test's business.
        }
        return Json.readOrMissing(stream.next().substring("data: ".length()).getBytes(StandardCharsets.UTF_8));
    }
}
