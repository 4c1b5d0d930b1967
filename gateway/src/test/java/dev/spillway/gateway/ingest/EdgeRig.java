// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ingest;

import dev.spillway.gateway.config.Loaded;
import dev.spillway.gateway.config.Settings;
import dev.spillway.gateway.messenger.Event;
import dev.spillway.gateway.messenger.RawJson;
import dev.spillway.gateway.messenger.Signature;
import dev.spillway.gateway.stream.EventLog;
import dev.spillway.gateway.stream.ReplyId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** The public port alone, over a store that keeps everything in memory: what it does to bytes and to connections. */
final class EdgeRig implements AutoCloseable {
    static final String SECRET = "0123456789abcdef0123456789abcdef";
    static final String OLD_SECRET = "fedcba9876543210fedcba9876543210";
    static final String PATH = "/webhooks/demo";
    static final long PATIENCE_SECONDS = 60;

    final AtomicLong stored = new AtomicLong();
    final Queue<String> quarantined = new ConcurrentLinkedQueue<>();
    final Queue<ReplyId> echoes = new ConcurrentLinkedQueue<>();
    /** When the marks of echoes are made. */
    volatile Future<Void> marked = Future.succeededFuture();

    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    private final WebhookServer server;

    /** With these lines under {@code ingest:}, such as {@code body-timeout: 500ms}. */
    static EdgeRig with(String... ingest) {
        return new EdgeRig("{ secrets: [%s, %s], verify-token: verify-me }".formatted(SECRET, OLD_SECRET), ingest);
    }

    EdgeRig(String app, String... ingest) {
        var settings = settings("""
            spillway:
              http: { host: 127.0.0.1, port: 0 }
              redis: { uri: "redis://127.0.0.1:1" }
              apps: { demo: %s }
              ingest: { %s }
            """.formatted(app, String.join(", ", ingest)));
        server = await(WebhookServer.start(vertx, settings, new Memory(), registry, 2));
    }

    int port() {
        return server.port();
    }

    Future<Void> shutdown() {
        return server.shutdown(5_000);
    }

    RawHttp connect() {
        return RawHttp.connect(port());
    }

    /** Sends these bytes on a connection of their own, and reads until the other side ends it. */
    String exchange(String request) {
        try (var http = connect()) {
            http.send(request);
            return http.readToEnd();
        }
    }

    /** A whole signed POST. */
    static byte[] signed(byte[] body) {
        return post(body, signature(body));
    }

    static byte[] post(byte[] body, String signature) {
        var head = head("POST", "X-Hub-Signature-256: " + signature, "Content-Length: " + body.length)
                .getBytes(StandardCharsets.ISO_8859_1);
        var whole = new byte[head.length + body.length];
        System.arraycopy(head, 0, whole, 0, head.length);
        System.arraycopy(body, 0, whole, head.length, body.length);
        return whole;
    }

    static String head(String method, String... headers) {
        var lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return method + " " + PATH + " HTTP/1.1\r\nHost: edge\r\n" + lines + "\r\n";
    }

    static String signature(byte[] body) {
        return signature(SECRET, body);
    }

    static String signature(String secret, byte[] body) {
        return new Signature(List.of(secret.getBytes(StandardCharsets.UTF_8))).sign(0, body);
    }

    /** A text message, as the platform sends it. */
    static byte[] message(String mid) {
        return """
            {"object":"page","entry":[{"id":"100","time":1,"messaging":[{"sender":{"id":"7"},"recipient":{"id":"100"},"timestamp":1,"message":{"mid":"%s","text":"hi"}}]}]}\
            """.formatted(mid).getBytes(StandardCharsets.UTF_8);
    }

    /** How often this answer was given. */
    long answers(Answer answer) {
        var tag = answer.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        return (long) registry.get("spillway.ingest.requests")
                .tag("answer", tag)
                .counter()
                .count();
    }

    /** How many answers there were with a status of 500 and above. */
    long serverErrors() {
        return (long) registry.find("spillway.ingest.requests").counters().stream()
                .filter(counter ->
                        String.valueOf(counter.getId().getTag("status")).startsWith("5"))
                .mapToDouble(Counter::count)
                .sum();
    }

    long overdue(Patience.Overdue what) {
        return (long) registry.get("spillway.ingest.overdue")
                .tag("awaited", what.name().toLowerCase(java.util.Locale.ROOT))
                .counter()
                .count();
    }

    long gauge(String name) {
        return (long) registry.get(name).gauge().value();
    }

    static void awaitThat(String what, BooleanSupplier reached) {
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("did not come to pass: " + what);
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException leaving) {
                throw new AssertionError(leaving);
            }
        }
    }

    static Settings settings(String yaml) {
        return switch (Settings.parse(yaml)) {
            case Loaded.Ready(var settings) -> settings;
            case Loaded.Refused(var problems) -> throw new IllegalStateException(problems.toString());
        };
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    @Override
    public void close() {
        await(vertx.close());
    }

    private final class Memory implements EventLog {
        @Override
        public Future<Void> append(List<Event> events) {
            stored.addAndGet(events.size());
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> echoed(List<ReplyId> replies) {
            echoes.addAll(replies);
            return marked;
        }

        @Override
        public double fullness(String conversation) {
            return 0;
        }

        @Override
        public double fullness() {
            return 0;
        }

        @Override
        public Future<Void> quarantine(String app, String reason, RawJson body) {
            quarantined.add(reason);
            return Future.succeededFuture();
        }
    }
}
