// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Stands where the gateway will be: keeps what is posted to it, checks signatures, answers as it is told. */
final class GatewayStub {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    /** A webhook that came. */
    record Posted(String body, String signature) {
        boolean isGenuine() {
            return signature.equals("sha256=" + hmac(body));
        }
    }

    private final HttpServer server;
    private final List<Posted> posted = new CopyOnWriteArrayList<>();
    private final Queue<Consumer<HttpServerResponse>> answers = new ConcurrentLinkedQueue<>();
    private volatile Consumer<Posted> listener = nobody -> {};

    private GatewayStub(HttpServer server) {
        this.server = server;
    }

    static String secret() {
        return SECRET;
    }

    static GatewayStub start(Vertx vertx) throws Exception {
        var server = vertx.createHttpServer();
        var stub = new GatewayStub(server);
        await(server.requestHandler(stub::handle).listen(0, "127.0.0.1"));
        return stub;
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort() + "/webhooks/demo";
    }

    /** What came so far. */
    List<Posted> posted() {
        return posted;
    }

    /** The next webhook is answered so; later ones with 200 again. */
    void next(Consumer<HttpServerResponse> answer) {
        answers.add(answer);
    }

    /** Called with each webhook that was answered 200. */
    void onPosted(Consumer<Posted> newListener) {
        listener = newListener;
    }

    private void handle(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            var came = new Posted(
                    body.toString(StandardCharsets.ISO_8859_1),
                    String.valueOf(request.getHeader("X-Hub-Signature-256")));
            posted.add(came);
            var answer = answers.poll();
            if (answer != null) {
                answer.accept(request.response());
                return;
            }
            request.response().end("EVENT_RECEIVED");
            listener.accept(came);
        });
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static String hmac(String body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
