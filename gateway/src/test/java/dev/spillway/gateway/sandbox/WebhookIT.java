// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import static dev.spillway.gateway.sandbox.GatewayStub.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebhookIT {
    private static final String PAGE = "100200300400500";

    private final Vertx vertx = Vertx.vertx();
    private GatewayStub gateway;
    private Sandbox sandbox;

    @BeforeEach
    void start() throws Exception {
        gateway = GatewayStub.start(vertx);
        sandbox = await(Sandbox.start(
                vertx,
                SandboxOptions.defaults()
                        .withApp("demo", GatewayStub.secret(), gateway.url())
                        .withPage(PAGE, "demo", "token")
                        .withWebhookTimes(Duration.ofSeconds(15), Duration.ofMillis(20), Duration.ofMinutes(1))));
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    @Test
    void a_text_arrives_signed_in_the_platforms_envelope() throws Exception {
        var delivered = await(sandbox.sendText(PAGE, "7001", "\u00e4 https://ex.test/ \ud83d\ude00"));

        assertThat(delivered.accepted()).isTrue();
        assertThat(delivered.attempts()).isEqualTo(1);
        assertThat(gateway.posted()).singleElement().satisfies(posted -> {
            assertThat(posted.isGenuine()).isTrue();
            assertThat(posted.body())
                    .contains("\"text\":\"\\u00e4 https:\\/\\/ex.test\\/ \\ud83d\\ude00\"")
                    .contains("\"mid\":\"" + delivered.mid() + "\"")
                    .contains("\"sender\":{\"id\":\"7001\"},\"recipient\":{\"id\":\"" + PAGE + "\"}");
        });
    }

    @Test
    void a_refused_webhook_is_posted_again_with_the_same_bytes_until_it_is_taken() throws Exception {
        gateway.next(response -> response.setStatusCode(503).end());
        gateway.next(response -> response.setStatusCode(204).end());
        gateway.next(response -> response.reset());
        gateway.next(response -> response.setStatusCode(500).end());

        var delivered = await(sandbox.sendText(PAGE, "7001", "hello"));

        assertThat(delivered.accepted()).isTrue();
        assertThat(delivered.attempts()).isEqualTo(5);
        assertThat(gateway.posted().stream().map(GatewayStub.Posted::body).distinct())
                .hasSize(1);
    }

    @Test
    void a_webhook_that_is_not_answered_in_time_is_posted_again() throws Exception {
        restart(gateway.url(), Duration.ofMillis(300), Duration.ofMinutes(1));
        gateway.next(never -> {});

        var delivered = await(sandbox.sendText(PAGE, "7001", "hello"));

        assertThat(delivered.accepted()).isTrue();
        assertThat(delivered.attempts()).isGreaterThan(1);
    }

    @Test
    void a_webhook_that_is_never_taken_is_given_up_at_the_horizon() throws Exception {
        restart("", Duration.ofSeconds(15), Duration.ofMillis(100));

        var delivered = await(sandbox.sendText(PAGE, "7001", "hello"));

        assertThat(delivered.accepted()).isFalse();
        assertThat(delivered.status()).isZero();
        assertThat(delivered.attempts()).isPositive();
    }

    @Test
    void events_of_one_conversation_keep_their_order_through_failures() throws Exception {
        gateway.next(response -> response.setStatusCode(503).end());
        var sends = new ArrayList<Future<Delivered>>();
        for (var i = 0; i < 50; i++) {
            sends.add(sandbox.sendText(PAGE, "7001", "n" + i));
        }
        await(Future.all(sends));

        assertThat(texts()).containsExactlyElementsOf(expected());
    }

    @Test
    void a_conversation_that_fails_does_not_hold_up_another() throws Exception {
        var held = new CompletableFuture<HttpServerResponse>();
        gateway.next(held::complete);
        var stuck = sandbox.sendText(PAGE, "7001", "stuck");
        var response = held.get(20, TimeUnit.SECONDS);

        assertThat(await(sandbox.sendText(PAGE, "7002", "other")).accepted()).isTrue();

        assertThat(stuck.isComplete()).isFalse();
        response.end();
        assertThat(await(stuck).accepted()).isTrue();
    }

    @Test
    void copies_of_an_event_carry_the_same_bytes() throws Exception {
        await(sandbox.send(PAGE, "7001", new UserEvent.Postback("Start", "GET_STARTED", "Anna"), 3));

        assertThat(gateway.posted()).hasSize(3).allMatch(GatewayStub.Posted::isGenuine);
        assertThat(gateway.posted().stream().distinct()).hasSize(1);
        assertThat(gateway.posted().getFirst().body())
                .contains("\"referral\":{\"ref\":\"Anna\",\"source\":\"SHORTLINK\",\"type\":\"OPEN_THREAD\"}");
    }

    @Test
    void raw_bytes_are_signed_as_they_are_and_posted_once() throws Exception {
        gateway.next(response -> response.setStatusCode(401).end());

        var refused = await(sandbox.postRaw("demo", "not json".getBytes(StandardCharsets.UTF_8)));
        var taken = await(sandbox.postRaw("demo", new byte[] {0, -1, 10}));

        assertThat(refused).isEqualTo(401);
        assertThat(taken).isEqualTo(200);
        assertThat(gateway.posted()).hasSize(2).allMatch(GatewayStub.Posted::isGenuine);
    }

    @Test
    void closing_gives_up_what_waits() throws Exception {
        sandbox.webhook("demo", "");
        var waiting = sandbox.sendText(PAGE, "7001", "hello");

        await(sandbox.close());

        assertThat(await(waiting).accepted()).isFalse();
    }

    private void restart(String url, Duration timeout, Duration horizon) throws Exception {
        await(sandbox.close());
        sandbox = await(Sandbox.start(
                vertx,
                SandboxOptions.defaults()
                        .withApp("demo", GatewayStub.secret(), url)
                        .withPage(PAGE, "demo", "token")
                        .withWebhookTimes(timeout, Duration.ofMillis(5), horizon)));
    }

    private static List<String> expected() {
        return IntStream.range(0, 51).mapToObj(i -> "n" + Math.max(0, i - 1)).toList();
    }

    private List<String> texts() {
        return gateway.posted().stream()
                .map(posted -> Json.readOrMissing(posted.body().getBytes(StandardCharsets.US_ASCII)))
                .map(json -> json.at("/entry/0/messaging/0/message/text").asText())
                .toList();
    }
}
