// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import static dev.spillway.gateway.sandbox.GatewayStub.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ControlIT {
    private static final String PAGE = "100200300400500";
    private static final String HELLO =
            "{\"recipient\":{\"id\":\"7001\"},\"messaging_type\":\"RESPONSE\",\"message\":{\"text\":\"hello\"}}";

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
                        .withEchoes(false)));
        http = new Http(sandbox.url());
    }

    @AfterEach
    void stop() throws Exception {
        http.close();
        await(vertx.close());
    }

    @Test
    void another_process_can_list_the_calls_and_start_over() throws Exception {
        http.post("/v26.0/me/messages", "token", HELLO);
        http.post("/v26.0/me/messages", "token", HELLO);

        var all = http.get("/sandbox/calls").json();
        var rest = http.get("/sandbox/calls?after=1&page=" + PAGE).json();
        var none = http.get("/sandbox/calls?page=other").json();

        assertThat(all.path("count").asInt()).isEqualTo(2);
        assertThat(all.path("calls")).hasSize(2);
        assertThat(all.at("/calls/0/body/message/text").asText()).isEqualTo("hello");
        assertThat(all.at("/calls/0/taken").asBoolean()).isTrue();
        assertThat(rest.path("calls")).hasSize(1);
        assertThat(none.path("calls")).isEmpty();

        assertThat(http.post("/sandbox/reset", "", "{}").status()).isEqualTo(204);
        assertThat(http.get("/sandbox/state").body()).isEqualTo("{\"calls\":0,\"webhooksWaiting\":0}");
    }

    @Test
    void another_process_can_set_and_clear_faults() throws Exception {
        assertThat(http.post("/sandbox/faults", "", "{\"kind\":\"refuse\",\"status\":400,\"code\":613,\"times\":0}")
                        .status())
                .isEqualTo(204);
        assertThat(http.get("/sandbox/faults").json().path("faults")).hasSize(1);
        assertThat(http.post("/v26.0/me/messages", "token", HELLO).status()).isEqualTo(400);

        assertThat(http.delete("/sandbox/faults").status()).isEqualTo(204);

        assertThat(http.post("/v26.0/me/messages", "token", HELLO).status()).isEqualTo(200);
        assertThat(http.post("/sandbox/faults", "", "{\"kind\":\"explode\"}").status())
                .isEqualTo(400);
    }

    @Test
    void another_process_can_send_events_and_raw_bodies() throws Exception {
        var event = http.post(
                "/sandbox/events", "", "{\"page\":\"" + PAGE + "\",\"user\":\"7001\",\"text\":\"hi\",\"copies\":2}");
        var raw = http.post("/sandbox/raw", "", "{\"app\":\"demo\",\"body\":\"{}\"}");

        assertThat(event.json().path("status").asInt()).isEqualTo(200);
        assertThat(event.json().path("mid").asText()).startsWith("m_");
        assertThat(raw.json().path("status").asInt()).isEqualTo(200);
        assertThat(gateway.posted()).hasSize(3).allMatch(GatewayStub.Posted::isGenuine);
        assertThat(gateway.posted().getLast().body()).isEqualTo("{}");
        assertThat(http.post("/sandbox/events", "", "{\"page\":\"other\",\"user\":\"7001\",\"text\":\"hi\"}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void bad_requests_are_refused_in_a_sentence() throws Exception {
        assertThat(http.get("/sandbox/nothing").status()).isEqualTo(404);
        assertThat(http.get("/nothing").status()).isEqualTo(404);
        assertThat(http.post("/sandbox/events", "", "not json").status()).isEqualTo(400);
        assertThat(http.post("/sandbox/raw", "", "{\"base64\":\"%%\"}").status())
                .isEqualTo(400);
        assertThat(http.post("/chat/messages", "", "{\"page\":\"other\"}").status())
                .isEqualTo(400);
        assertThat(http.get("/chat/events?page=other&user=1").status()).isEqualTo(400);
    }

    @Test
    void a_page_of_another_origin_can_neither_post_nor_use_a_name_of_its_own() throws Exception {
        assertThat(http.raw("POST", "/sandbox/reset", "Content-Type: text/plain"))
                .startsWith("HTTP/1.1 415");
        assertThat(http.raw("POST", "/chat/messages", "Content-Type: text/plain"))
                .startsWith("HTTP/1.1 415");
        assertThat(http.raw("GET", "/sandbox/calls", "Host: evil.test")).startsWith("HTTP/1.1 403");
    }
}
