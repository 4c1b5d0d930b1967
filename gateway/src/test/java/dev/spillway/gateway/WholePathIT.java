// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.PAGE;
import static dev.spillway.gateway.PathRig.SECRET;
import static dev.spillway.gateway.PathRig.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.sandbox.Call;
import dev.spillway.gateway.worker.Bot;
import dev.spillway.gateway.worker.EchoBot;
import io.vertx.core.Future;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The path from a signed webhook to a call of the Graph API, as its users have it. */
final class WholePathIT {
    private static final Map<String, Supplier<Bot>> ECHO = Map.of("echo", EchoBot::new);

    private final PathRig rig = new PathRig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void a_signed_text_comes_back_as_a_call_of_the_graph_api() throws Exception {
        var gateway = rig.gateway(ECHO);

        var answer = rig.post(gateway.httpPort(), PathRig.text("7001", "m_1", "hello"), SECRET);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(rig.calls(1)).singleElement().satisfies(call -> {
            assertThat(call.page()).isEqualTo(PAGE);
            assertThat(call.recipient()).isEqualTo("7001");
            assertThat(call.text()).isEqualTo("hello");
        });
    }

    @Test
    void a_forged_post_gets_401_and_nothing_is_stored() throws Exception {
        var gateway = rig.gateway(ECHO);
        var body = PathRig.text("7001", "m_1", "hello");

        assertThat(rig.post(gateway.httpPort(), body, "another secret").statusCode())
                .isEqualTo(401);
        assertThat(rig.post(gateway.httpPort(), body, Map.of()).statusCode()).isEqualTo(401);
        assertThat(rig.post(gateway.httpPort(), body, Map.of("X-Hub-Signature", "sha1=" + "0".repeat(40)))
                        .statusCode())
                .isEqualTo(401);

        assertThat(rig.counter("added")).isZero();
        assertThat(rig.sandbox.calls()).isEmpty();
    }

    @Test
    void the_same_post_twice_gives_one_reply() throws Exception {
        var gateway = rig.gateway(ECHO);
        var body = PathRig.text("7001", "m_1", "hello");

        for (var i = 0; i < 3; i++) {
            assertThat(rig.post(gateway.httpPort(), body, SECRET).statusCode()).isEqualTo(200);
        }
        assertThat(rig.post(gateway.httpPort(), PathRig.text("7001", "m_2", "after"), SECRET)
                        .statusCode())
                .isEqualTo(200);

        rig.calls(2);
        assertThat(rig.sandbox.calls()).extracting(Call::text).containsExactly("hello", "after");
        assertThat(rig.counter("added")).isGreaterThanOrEqualTo(4);
    }

    @Test
    void a_second_copy_after_a_restart_is_known_too() throws Exception {
        var first = rig.gateway(ECHO);
        var body = PathRig.text("7001", "m_1", "hello");
        rig.post(first.httpPort(), body, SECRET);
        rig.calls(1);
        rig.stop(first);

        var second = rig.gateway(ECHO);
        assertThat(rig.post(second.httpPort(), body, SECRET).statusCode()).isEqualTo(200);
        rig.post(second.httpPort(), PathRig.text("7001", "m_2", "after"), SECRET);

        rig.calls(2);
        assertThat(rig.sandbox.calls()).extracting(Call::text).containsExactly("hello", "after");
    }

    @Test
    void replies_of_a_conversation_leave_in_its_order() {
        rig.gateway(ECHO);
        var texts = new ArrayList<String>();
        var said = new ArrayList<Future<?>>();
        for (var i = 0; i < 40; i++) {
            texts.add("text " + i);
            for (var user : List.of("7001", "7002", "7003")) {
                said.add(rig.say(user, "text " + i));
            }
        }
        await(Future.all(said));

        rig.calls(120);
        for (var user : List.of("7001", "7002", "7003")) {
            assertThat(rig.sandbox.calls())
                    .filteredOn(call -> call.recipient().equals(user))
                    .extracting(Call::text)
                    .containsExactlyElementsOf(texts);
        }
    }

    @Test
    void a_restart_in_the_middle_loses_nothing_and_repeats_nothing() {
        var first = rig.gateway(ECHO);
        var said = new ArrayList<Future<?>>();
        for (var i = 0; i < 100; i++) {
            said.add(rig.say("70" + i % 10, "text " + i));
        }
        rig.calls(10);

        rig.stop(first);
        rig.gateway(ECHO);
        await(Future.all(said));

        rig.calls(100);
        assertThat(rig.sandbox.calls())
                .extracting(Call::text)
                .doesNotHaveDuplicates()
                .hasSize(100);
    }

    @Test
    void a_redis_that_is_killed_and_comes_back_loses_nothing() {
        rig.gateway(ECHO);
        var said = new ArrayList<Future<?>>();
        for (var i = 0; i < 50; i++) {
            said.add(rig.say("70" + i % 10, "text " + i));
        }
        rig.calls(5);

        rig.redis.kill9();
        rig.redis.restart();
        await(Future.all(said));

        rig.calls(50);
        assertThat(rig.sandbox.calls()).extracting(Call::text).contains("text 49");
        assertThat(rig.sandbox.calls().stream().map(Call::text).distinct()).hasSize(50);
    }

    @Test
    void the_handshake_answers_the_challenge_and_nothing_else() throws Exception {
        var gateway = rig.gateway(ECHO);
        var url = PathRig.webhookUrl(gateway.httpPort());

        var right = rig.get(url + "?hub.mode=subscribe&hub.verify_token=verify-me&hub.challenge=a%20b%3C");
        var wrong = rig.get(url + "?hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1158201444");

        assertThat(right.statusCode()).isEqualTo(200);
        assertThat(right.body()).isEqualTo("a b<");
        assertThat(right.headers().firstValue("content-type")).contains("text/plain");
        assertThat(wrong.statusCode()).isEqualTo(403);
        assertThat(wrong.body()).isEmpty();
    }

    @Test
    void wrong_paths_methods_and_sizes_are_refused() throws Exception {
        var gateway = rig.gateway(ECHO);
        var base = "http://127.0.0.1:" + gateway.httpPort();

        assertThat(rig.get(base + "/").statusCode()).isEqualTo(404);
        assertThat(rig.get(base + "/webhooks/other").statusCode()).isEqualTo(404);
        var client = HttpClient.newHttpClient();
        var delete = HttpRequest.newBuilder(URI.create(base + "/webhooks/demo"))
                .DELETE()
                .build();
        assertThat(client.send(delete, HttpResponse.BodyHandlers.discarding()).statusCode())
                .isEqualTo(405);
        var large = new byte[1024 * 1024 + 1];
        assertThat(rig.post(gateway.httpPort(), large, SECRET).statusCode()).isEqualTo(413);
    }

    @Test
    void a_signed_body_that_nobody_can_read_is_kept_and_answered_with_200() throws Exception {
        var gateway = rig.gateway(ECHO);

        var answer = rig.post(gateway.httpPort(), "not json".getBytes(StandardCharsets.UTF_8), SECRET);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(rig.counter("quarantined")).isEqualTo(1);
    }
}
