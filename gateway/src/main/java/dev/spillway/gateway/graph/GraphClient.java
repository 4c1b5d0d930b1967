// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.graph;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import dev.spillway.gateway.async.CrashPoint;
import dev.spillway.gateway.config.Secret;
import dev.spillway.gateway.config.Settings;
import dev.spillway.gateway.messenger.GraphError;
import dev.spillway.gateway.messenger.Remedy;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Calls {@code POST {base}/{version}/{page}/messages}, the token in the Authorization header.
 *
 * <p>A failure before a connection was had means that nothing left; every failure after that is a doubt, since the Send
 * API has no idempotency key. Threads: call on the context that is to get the outcome.
 */
public final class GraphClient {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int ANSWER_BYTES_MAX = 64 * 1024;
    private static final int QUEUE_PER_CONNECTION = 16;

    private final HttpClient http;
    private final Settings.Graph graph;
    private final Map<String, Secret> tokens = new HashMap<>();
    private final Duration timeout;
    private final GraphMetrics metrics;

    /** Connects at the first call. */
    public GraphClient(Vertx vertx, Settings settings, MeterRegistry registry) {
        this.graph = settings.graph();
        this.timeout = settings.dispatch().sendTimeout();
        this.metrics = new GraphMetrics(registry);
        settings.pages().forEach((page, configured) -> tokens.put(page, configured.token()));
        var connections = settings.dispatch().connectionsMax();
        this.http = vertx.createHttpClient(
                new HttpClientOptions()
                        .setSsl("https".equals(graph.baseUrl().getScheme()))
                        .setVerifyHost(true)
                        .setConnectTimeout(3000)
                        .setKeepAliveTimeout(30)
                        .setTcpNoDelay(true),
                new PoolOptions().setHttp1MaxSize(connections).setMaxWaitQueueSize(connections * QUEUE_PER_CONNECTION));
    }

    /** Whether this page has a token. */
    public boolean knows(String page) {
        return tokens.containsKey(page);
    }

    /** Makes the call. Never fails: every end is an outcome. */
    public Future<Answer> send(GraphCall call) {
        var token = tokens.get(call.page());
        if (token == null) {
            return Future.succeededFuture(Answer.without(new Outcome.NotSent("the page is not configured", true)));
        }
        var started = System.nanoTime();
        return http.request(request(call.page(), token))
                .map(request -> (Object) request)
                .otherwise(failure -> Answer.without(new Outcome.NotSent(
                        failure.getClass().getSimpleName(), failure instanceof ConnectionPoolTooBusyException)))
                .compose(opened -> opened instanceof HttpClientRequest request
                        ? exchange(request, call)
                        : Future.succeededFuture((Answer) opened))
                .onSuccess(answer -> metrics.ended(answer.outcome(), System.nanoTime() - started));
    }

    /** Lets connections go. */
    public Future<Void> close() {
        return http.close();
    }

    private RequestOptions request(String page, Secret token) {
        URI base = graph.baseUrl();
        var secure = "https".equals(base.getScheme());
        var port = base.getPort() < 0 ? (secure ? 443 : 80) : base.getPort();
        var prefix = base.getPath() == null ? "" : base.getPath().replaceAll("/+$", "");
        return new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(base.getHost())
                .setPort(port)
                .setSsl(secure)
                .setURI(prefix + "/" + graph.version() + "/" + page + "/messages")
                .setFollowRedirects(false)
                .setConnectTimeout(3000)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.AUTHORIZATION, "Bearer " + token.reveal());
    }

    private Future<Answer> exchange(HttpClientRequest request, GraphCall call) {
        var answered = request.send(Buffer.buffer(body(call)))
                .compose(response -> bounded(response).map(body -> answer(response, body)))
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(failure -> request.reset())
                .otherwise(failure ->
                        Answer.without(new Outcome.InDoubt(failure.getClass().getSimpleName(), false)));
        CrashPoint.at("send.after");
        return answered;
    }

    private static Future<Buffer> bounded(HttpClientResponse response) {
        var declared = response.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (declared != null && declared.length() > 6) {
            return Future.failedFuture(new IOException("an answer of " + declared + " bytes"));
        }
        return response.body().map(body -> body.length() > ANSWER_BYTES_MAX ? body.slice(0, ANSWER_BYTES_MAX) : body);
    }

    private static Answer answer(HttpClientResponse response, Buffer body) {
        var status = response.statusCode();
        return new Answer(outcome(status, body.getBytes()), Usage.of(status, response.headers()));
    }

    static Outcome outcome(int status, byte[] body) {
        if (status == 200) {
            var id = messageId(body);
            return id == null ? new Outcome.InDoubt("200 without a message id", false) : new Outcome.Sent(id);
        }
        var error = GraphError.read(body).orElse(null);
        var remedy = Remedy.of(status, error);
        return remedy == Remedy.IN_DOUBT
                ? new Outcome.InDoubt("status " + status + (error == null ? "" : " " + error), error != null)
                : new Outcome.Refused(status, error, remedy);
    }

    private static @Nullable String messageId(byte[] body) {
        try (var json = JSON.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                var name = json.currentName();
                var value = json.nextToken();
                if (name.equals("message_id") && value == JsonToken.VALUE_STRING) {
                    return json.getText();
                }
                json.skipChildren();
            }
            return null;
        } catch (IOException malformed) {
            return null;
        }
    }

    static byte[] body(GraphCall call) {
        var out = new ByteArrayOutputStream(128 + call.message().length());
        try (var json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeObjectFieldStart("recipient");
            json.writeStringField("id", call.user());
            json.writeEndObject();
            json.writeStringField("messaging_type", "RESPONSE");
            json.writeFieldName("message");
            json.writeRawValue(call.message().text());
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }
}
