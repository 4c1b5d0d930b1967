// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import static dev.spillway.gateway.sandbox.GatewayStub.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GraphIT {
    private static final String PAGE = "100200300400500";
    private static final String PATH = "/v26.0/" + PAGE + "/messages";
    private static final String HELLO =
            "{\"recipient\":{\"id\":\"7001\"},\"messaging_type\":\"RESPONSE\",\"message\":{\"text\":\"hello\",\"metadata\":\"gw:1\"}}";

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
                        .withPage(PAGE, "demo", "token")
                        .withPage("2", "demo", "token-2")));
        http = new Http(sandbox.url());
    }

    @AfterEach
    void stop() throws Exception {
        http.close();
        await(vertx.close());
    }

    @Test
    void a_message_is_taken_recorded_and_echoed() throws Exception {
        var echoed = new CountDownLatch(1);
        gateway.onPosted(posted -> echoed.countDown());

        var answer = http.post(PATH, "token", HELLO);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("recipient_id").asText()).isEqualTo("7001");
        var mid = answer.json().path("message_id").asText();
        assertThat(mid).startsWith("m_");
        assertThat(answer.headers().firstValue("X-Business-Use-Case-Usage"))
                .hasValueSatisfying(usage ->
                        assertThat(usage).startsWith("{\"" + PAGE + "\":[{\"type\":\"messenger\",\"call_count\":1,"));
        assertThat(sandbox.calls()).singleElement().satisfies(call -> {
            assertThat(call.taken()).isTrue();
            assertThat(call.mid()).isEqualTo(mid);
            assertThat(call.page()).isEqualTo(PAGE);
            assertThat(call.recipient()).isEqualTo("7001");
            assertThat(call.metadata()).isEqualTo("gw:1");
            assertThat(call.body().text()).isEqualTo(HELLO);
            assertThat(call.text()).isEqualTo("hello");
            assertThat(call.ending()).isEqualTo(Call.Ending.ANSWERED);
        });
        assertThat(echoed.await(20, TimeUnit.SECONDS)).isTrue();
        var echo = gateway.posted().getFirst();
        assertThat(echo.isGenuine()).isTrue();
        assertThat(echo.body())
                .contains("\"sender\":{\"id\":\"" + PAGE + "\"},\"recipient\":{\"id\":\"7001\"}")
                .contains("\"is_echo\":true,\"app_id\":")
                .contains("\"metadata\":\"gw:1\",\"mid\":\"" + mid + "\",\"text\":\"hello\"");
    }

    @Test
    void the_token_may_come_in_any_of_its_three_places_and_name_the_page_itself() throws Exception {
        var inBody = HELLO.replaceFirst("\\{", "{\"access_token\":\"token\",");

        assertThat(http.post("/v26.0/me/messages", "token", HELLO).status()).isEqualTo(200);
        assertThat(http.post(PATH + "?access_token=token", "", HELLO).status()).isEqualTo(200);
        assertThat(http.post("/v19.0/" + PAGE + "/messages", "", inBody).status())
                .isEqualTo(200);
        assertThat(sandbox.calls()).hasSize(3);
    }

    @Test
    void without_the_pages_own_token_nothing_is_recorded() throws Exception {
        for (var answer : new Http.Answer[] {
            http.post(PATH, "", HELLO), http.post(PATH, "wrong", HELLO), http.post(PATH, "token-2", HELLO)
        }) {
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.error().path("code").asInt()).isEqualTo(190);
            assertThat(answer.error().path("type").asText()).isEqualTo("OAuthException");
            assertThat(answer.error().path("fbtrace_id").asText()).isNotEmpty();
        }
        assertThat(sandbox.calls()).isEmpty();
    }

    @Test
    void a_message_that_breaks_a_rule_is_refused_and_recorded_as_such() throws Exception {
        var answer = http.post(PATH, "token", HELLO.replace("RESPONSE", "ANSWER"));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().path("code").asInt()).isEqualTo(100);
        assertThat(sandbox.calls()).singleElement().satisfies(call -> {
            assertThat(call.taken()).isFalse();
            assertThat(call.ending()).isEqualTo(Call.Ending.REFUSED);
        });
    }

    @Test
    void a_sender_action_is_answered_with_the_recipient_only() throws Exception {
        var answer = http.post(PATH, "token", "{\"recipient\":{\"id\":\"7001\"},\"sender_action\":\"typing_on\"}");

        assertThat(answer.body()).isEqualTo("{\"recipient_id\":\"7001\"}");
        assertThat(sandbox.calls()).singleElement().satisfies(call -> {
            assertThat(call.action()).isEqualTo("typing_on");
            assertThat(call.mid()).isNull();
        });
    }

    @Test
    void a_body_over_the_bound_is_refused_unread() throws Exception {
        var answer = http.post(PATH, "token", "x".repeat(300_000));

        assertThat(answer.status()).isEqualTo(413);
        assertThat(sandbox.calls()).isEmpty();
    }

    @Test
    void another_path_or_method_is_an_error_of_the_graph_api() throws Exception {
        assertThat(http.get(PATH).error().path("code").asInt()).isEqualTo(2500);
        assertThat(http.post("/v26/x/messages", "token", HELLO)
                        .error()
                        .path("code")
                        .asInt())
                .isEqualTo(2500);
    }

    @Test
    void the_usage_header_says_what_it_was_told() throws Exception {
        sandbox.usage(PAGE, 95, 3);

        assertThat(http.post(PATH, "token", HELLO).headers().firstValue("X-Business-Use-Case-Usage"))
                .hasValue("{\"" + PAGE + "\":[{\"type\":\"messenger\",\"call_count\":95,\"total_cputime\":1,"
                        + "\"total_time\":1,\"estimated_time_to_regain_access\":3}]}");
    }

    @Test
    void a_refusing_fault_meets_the_next_calls_of_its_page_only() throws Exception {
        sandbox.fault(new Fault.Refuse(400, 613, 1996, false), PAGE, 2);
        var other = http.post("/v26.0/2/messages", "token-2", HELLO);

        var first = http.post(PATH, "token", HELLO);
        var second = http.post(PATH, "token", HELLO);
        var third = http.post(PATH, "token", HELLO);

        assertThat(other.status()).isEqualTo(200);
        assertThat(first.status()).isEqualTo(400);
        assertThat(second.error().path("code").asInt()).isEqualTo(613);
        assertThat(second.error().path("error_subcode").asInt()).isEqualTo(1996);
        assertThat(third.status()).isEqualTo(200);
        assertThat(sandbox.calls(PAGE)).extracting(Call::taken).containsExactly(false, false, true);
    }

    @Test
    void a_fault_without_a_count_stays_until_it_is_cleared() throws Exception {
        sandbox.fault(new Fault.Respond(502, "<html>bad gateway"), null, 0);
        for (var i = 0; i < 3; i++) {
            var answer = http.post(PATH, "token", HELLO);
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.body()).isEqualTo("<html>bad gateway");
        }

        sandbox.clearFaults();

        assertThat(http.post(PATH, "token", HELLO).status()).isEqualTo(200);
        assertThat(sandbox.calls())
                .extracting(Call::ending)
                .containsExactly(Call.Ending.GARBLED, Call.Ending.GARBLED, Call.Ending.GARBLED, Call.Ending.ANSWERED);
    }

    @Test
    void an_error_may_come_back_for_a_message_that_was_taken() throws Exception {
        sandbox.fault(new Fault.Refuse(500, 1, 1357046, true));

        assertThat(http.post(PATH, "token", HELLO).status()).isEqualTo(500);
        assertThat(sandbox.calls()).singleElement().matches(Call::taken);
    }

    @Test
    void a_cut_connection_says_nothing_about_the_message() throws Exception {
        sandbox.fault(new Fault.Cut(true));
        assertThatThrownBy(() -> http.post(PATH, "token", HELLO)).isInstanceOf(IOException.class);
        assertThat(sandbox.calls()).singleElement().matches(Call::taken);

        sandbox.fault(new Fault.Cut(false));
        assertThatThrownBy(() -> http.post(PATH, "token", HELLO)).isInstanceOf(IOException.class);
        assertThat(sandbox.calls()).hasSize(1);
    }

    @Test
    void a_call_that_hangs_is_recorded_and_never_answered() throws Exception {
        sandbox.fault(new Fault.Hang(false));

        assertThatThrownBy(() -> http.post(PATH, "token", HELLO, Duration.ofMillis(300)))
                .isInstanceOf(HttpTimeoutException.class);
        await(sandbox.awaitCalls(1, Duration.ofSeconds(20)));

        assertThat(sandbox.calls()).singleElement().satisfies(call -> {
            assertThat(call.ending()).isEqualTo(Call.Ending.HUNG);
            assertThat(call.taken()).isFalse();
        });
    }

    @Test
    void a_delayed_call_and_a_late_answer_end_well_but_not_at_once() throws Exception {
        sandbox.fault(new Fault.Delay(Duration.ofMillis(200)));
        sandbox.fault(new Fault.LateAnswer(Duration.ofMillis(200)));

        for (var i = 0; i < 2; i++) {
            var start = System.nanoTime();
            assertThat(http.post(PATH, "token", HELLO).status()).isEqualTo(200);
            assertThat(System.nanoTime() - start).isGreaterThan(190_000_000L);
        }
    }

    @Test
    void calls_can_be_waited_for() throws Exception {
        var two = sandbox.awaitCalls(2, Duration.ofSeconds(20));
        http.post(PATH, "token", HELLO);
        assertThat(two.isComplete()).isFalse();
        http.post(PATH, "token", HELLO);

        assertThat(await(two)).hasSize(2);
        assertThat(await(sandbox.awaitCalls(1, Duration.ofSeconds(20)))).hasSize(2);
        assertThatThrownBy(() -> await(sandbox.awaitCalls(3, Duration.ofMillis(50))))
                .hasMessageContaining("2 of 3 calls");
    }

    @Test
    void the_oldest_calls_are_forgotten_when_there_are_too_many() throws Exception {
        await(sandbox.close());
        var small = await(Sandbox.start(
                vertx,
                SandboxOptions.defaults()
                        .withApp("demo", GatewayStub.secret(), "")
                        .withPage(PAGE, "demo", "token")
                        .withEchoes(false)
                        .withCallsMax(2)));
        try (var client = new Http(small.url())) {
            for (var i = 0; i < 3; i++) {
                client.post(PATH, "token", HELLO);
            }
        }

        assertThat(small.calls()).extracting(Call::sequence).containsExactly(2L, 3L);
    }
}
