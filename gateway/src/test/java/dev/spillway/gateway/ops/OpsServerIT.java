// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.config.Loaded;
import dev.spillway.gateway.config.Settings;
import dev.spillway.gateway.ops.Lifecycle.Phase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OpsServerIT {
    private final Vertx vertx = Vertx.vertx();
    private final Lifecycle lifecycle = new Lifecycle();
    private final BuildInfo build = BuildInfo.current();
    private final Meters meters = Meters.of(build);
    private final EventLoops loops = EventLoops.watch(vertx, meters.registry());
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private int port;

    @BeforeEach
    void start() throws Exception {
        var settings = (Loaded.Ready) Settings.parse("""
            spillway:
              redis: { uri: 'redis://127.0.0.1:1' }
              roles: [dispatch, ingest]
              ops: { host: 127.0.0.1, port: 0, token: open-sesame }
            """);
        var parts = new OpsServer.Parts(
                lifecycle,
                meters,
                loops,
                build,
                List.of(Check.of("redis", Health::healthy)),
                List.of(
                        Route.get("/api/v1/pages/{page}", call -> answer(call.path("page") + call.query("x"))),
                        Route.get("/api/v1/broken", call -> Future.failedFuture("hidden")),
                        Route.get("/api/v1/thrown", call -> {
                            throw new IllegalStateException("hidden");
                        })),
                List.of(new Greeting()));
        port = await(OpsServer.of(vertx, settings.settings(), parts).start());
    }

    @AfterEach
    void stop() throws Exception {
        loops.close();
        await(vertx.close());
        meters.close();
        client.close();
    }

    @Test
    void the_probes_follow_the_life_of_the_process() throws Exception {
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        assertThat(get("/startupz").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").statusCode()).isEqualTo(503);

        lifecycle.advance(Phase.READY);
        assertThat(get("/startupz").statusCode()).isEqualTo(200);
        assertThat(get("/readyz").body())
                .isEqualTo("{\"ready\":true,\"phase\":\"ready\","
                        + "\"checks\":[{\"name\":\"redis\",\"state\":\"healthy\"}]}");

        lifecycle.advance(Phase.DRAINING);
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/livez").statusCode()).isEqualTo(200);
    }

    @Test
    void the_table_of_meters_is_what_a_scrape_has() throws Exception {
        var scrape = get("/metrics");
        var table = MeterTable.ofDocs();

        assertThat(scrape.statusCode()).isEqualTo(200);
        assertThat(scrape.headers().firstValue("content-type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(table.unlisted(scrape.body())).isEmpty();
        assertThat(table.missing(scrape.body(), "spillway_ops_")).isEmpty();
        assertThat(table.missing(scrape.body(), "spillway_build_")).isEmpty();
        assertThat(scrape.body())
                .contains("jvm_memory_used_bytes{", "jvm_threads_live_threads ", "process_uptime_seconds ")
                .contains("process_files_open_files ", "system_cpu_count ");
    }

    @Test
    void open_metrics_are_given_to_who_reads_them() throws Exception {
        var scrape = send(request("/metrics").header("accept", "application/openmetrics-text; version=1.0.0"));

        assertThat(scrape.headers().firstValue("content-type"))
                .contains("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(scrape.body()).endsWith("# EOF\n");
    }

    @Test
    void the_api_wants_the_token_and_the_probes_do_not() throws Exception {
        assertThat(get("/api/v1/info").statusCode()).isEqualTo(401);
        assertThat(get("/api/v1/info").headers().firstValue("www-authenticate")).contains("Bearer");
        assertThat(send(request("/api/v1/info").header("authorization", "Bearer open-sesam"))
                        .statusCode())
                .isEqualTo(401);

        var info = send(allowed("/api/v1/info"));
        assertThat(info.statusCode()).isEqualTo(200);
        assertThat(info.body())
                .contains("\"version\":\"" + build.version() + "\"", "\"roles\":[\"ingest\",\"dispatch\"]")
                .contains("\"phase\":\"starting\"", "\"commit\":\"", "\"java\":\"");
    }

    @Test
    void the_build_wrote_down_its_version() {
        assertThat(build.version()).matches("[0-9]+\\..*");
    }

    @Test
    void a_wrong_path_or_method_is_told_so() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(get("/livez/").statusCode()).isEqualTo(404);
        var wrong = send(request("/livez").DELETE());
        assertThat(wrong.statusCode()).isEqualTo(405);
        assertThat(wrong.headers().firstValue("allow")).contains("GET");
    }

    @Test
    void a_stage_can_add_a_route_and_an_action() throws Exception {
        assertThat(send(allowed("/api/v1/pages/77?x=1&x=2")).body()).isEqualTo("77Optional[1]");

        var action = allowed("/api/v1/actions/greet").POST(BodyPublishers.ofString("{\"name\":\"Ada\"}"));
        assertThat(send(action).body()).isEqualTo("hello Ada");
        var odd = allowed("/api/v1/actions/greet").POST(BodyPublishers.ofString("{\"name\":7}"));
        assertThat(send(odd).statusCode()).isEqualTo(400);
        var open = request("/api/v1/actions/greet").POST(BodyPublishers.ofString("{}"));
        assertThat(send(open).statusCode()).isEqualTo(401);
    }

    @Test
    void a_failure_is_answered_without_its_message() throws Exception {
        for (var path : List.of("/api/v1/broken", "/api/v1/thrown")) {
            var answer = send(allowed(path));
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).doesNotContain("hidden");
        }
    }

    @Test
    void a_body_or_a_header_without_end_is_refused() throws Exception {
        var large = allowed("/api/v1/actions/greet").POST(BodyPublishers.ofByteArray(new byte[70_000]));
        assertThat(send(large).statusCode()).isEqualTo(413);

        assertThat(raw("GET /livez HTTP/1.1\r\nhost: x\r\nx: " + "y".repeat(20_000) + "\r\n\r\n"))
                .contains(" 431 ");
        assertThat(raw("GET /" + "y".repeat(20_000) + " HTTP/1.1\r\nhost: x\r\n\r\n"))
                .contains(" 414 ");
        assertThat(raw("nonsense\r\n\r\n")).contains(" 400 ");
        assertThat(get("/livez").statusCode()).isEqualTo(200);
    }

    @Test
    void a_body_that_stops_coming_is_not_waited_for() throws Exception {
        assertThat(raw("POST /api/v1/actions/greet HTTP/1.1\r\nhost: x\r\nauthorization: Bearer open-sesame\r\n"
                        + "content-length: 10\r\n\r\n{"))
                .startsWith("HTTP/1.1 408 ");
    }

    @Test
    void a_query_that_cannot_be_decoded_is_told_so() throws Exception {
        assertThat(raw("GET /livez?a=%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"))
                .contains(" 400 ");
    }

    @Test
    void a_loop_that_is_blocked_shows_in_its_gauge() throws Exception {
        var pause = Duration.ofMillis(400);
        var blocked = vertx.getOrCreateContext();
        blocked.runOnContext(start -> {
            var until = System.nanoTime() + pause.toNanos();
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
        });
        var done = Future.<Void>future(
                promise -> blocked.runOnContext(end -> vertx.setTimer(300, t -> promise.complete())));
        await(done);

        assertThat(meters.registry().get("spillway.ops.loop.lag").timeGauges())
                .anyMatch(gauge -> gauge.value(TimeUnit.MILLISECONDS) >= 200);
    }

    private static Future<Answer> answer(String text) {
        return Future.succeededFuture(new Answer(200, "text/plain", Buffer.buffer(text)));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(request(path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder allowed(String path) {
        return request(path).header("authorization", "Bearer open-sesame");
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20));
    }

    private String raw(String text) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            var status = new byte[64];
            var read = socket.getInputStream().readNBytes(status, 0, 13);
            return new String(status, 0, read, StandardCharsets.ISO_8859_1);
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static final class Greeting implements Action {
        @Override
        public String name() {
            return "greet";
        }

        @Override
        public Future<Answer> run(Map<String, String> arguments) {
            return answer("hello " + arguments.get("name"));
        }
    }
}
