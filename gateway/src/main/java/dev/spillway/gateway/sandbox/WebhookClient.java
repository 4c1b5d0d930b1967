// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Signs webhooks and posts them, once each. Owned by the sandbox's context, but for {@link #target}. */
final class WebhookClient {
    private static final int CONNECTIONS_MAX = 256;
    private static final int WAITING_MAX = 20_000;

    private final HttpClient client;
    private final Duration timeout;
    // Written by any thread, read by the context.
    private final Map<String, String> urls = new ConcurrentHashMap<>();
    private final Map<String, Signer> signers = new HashMap<>();

    WebhookClient(Vertx vertx, SandboxOptions options) {
        timeout = options.webhookTimeout();
        client = vertx.createHttpClient(
                new HttpClientOptions().setKeepAliveTimeout(30),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX).setMaxWaitQueueSize(WAITING_MAX));
        options.apps().forEach((name, app) -> {
            signers.put(name, new Signer(app.secret()));
            target(name, app.webhook());
        });
    }

    /** Sends the webhooks of that app to another URL from now on; an empty one makes every attempt fail. */
    void target(String app, String url) {
        if (url.isEmpty()) {
            urls.remove(app);
            return;
        }
        var scheme = URI.create(url).getScheme();
        if (!"http".equals(scheme) && !"https".equals(scheme)) {
            throw new IllegalArgumentException("webhook of " + app + " (expected: an http or https URL)");
        }
        urls.put(app, url);
    }

    /** The status of the answer; 0 if there was none in time. */
    Future<Integer> post(String app, Buffer body) {
        var url = urls.get(app);
        var signer = signers.get(app);
        if (url == null || signer == null) {
            return Future.succeededFuture(0);
        }
        return client.request(new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setAbsoluteURI(url)
                        .setTimeout(timeout.toMillis())
                        .putHeader("Content-Type", "application/json")
                        .putHeader("User-Agent", "facebookexternalua")
                        .putHeader("X-Hub-Signature-256", signer.sign(body.getBytes())))
                .compose(request -> request.send(body))
                .compose(response -> response.end().map(response.statusCode()))
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .otherwise(0);
    }

    Future<Void> close() {
        return client.close();
    }
}
