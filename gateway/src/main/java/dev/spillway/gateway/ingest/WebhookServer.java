// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ingest;

import dev.spillway.gateway.async.Permits;
import dev.spillway.gateway.config.Settings;
import dev.spillway.gateway.stream.EventLog;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The public port. HTTP/1.1 only; one acceptor per event loop.
 *
 * <p>Threads: each request stays on the event loop of its connection.
 */
public final class WebhookServer {
    private static final int HEADER_BYTES_MAX = 8192;
    private static final int LINE_BYTES_MAX = 4096;
    private static final int IDLE_SECONDS = 60;
    private static final long SHARES_TURN_MS = 5000;

    private final Vertx vertx;
    private final List<HttpServer> servers = Collections.synchronizedList(new ArrayList<>());
    private volatile int port;

    private WebhookServer(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Listens; completes when it does. */
    public static Future<WebhookServer> start(
            Vertx vertx, Settings settings, EventLog eventLog, MeterRegistry registry, int acceptors) {
        var server = new WebhookServer(vertx);
        var bytes = new Permits(settings.ingest().inFlightBytesMax());
        var events = new Permits(settings.ingest().inFlightEventsMax());
        var metrics = new IngestMetrics(registry, bytes, events);
        var shares = new PageShares();
        vertx.setPeriodic(SHARES_TURN_MS, ignored -> shares.turn());
        var webhooks = new Webhooks(settings, eventLog, bytes, events, shares, metrics);
        var http = settings.http();
        // Vert.x's way to say that all acceptors share one free port.
        var port = http.port() == 0 ? -1 : http.port();
        var listening = new ArrayList<Future<Void>>();
        for (var i = 0; i < acceptors; i++) {
            listening.add(server.listen(http.host(), port, webhooks));
        }
        return Future.all(listening).map(server);
    }

    /** The port it listens on. */
    public int port() {
        return port;
    }

    /** Takes no new connection, and lets requests under way end within this time. */
    public Future<Void> shutdown(long timeoutMs) {
        return Future.join(servers.stream()
                        .map(server -> server.shutdown(timeoutMs, TimeUnit.MILLISECONDS))
                        .toList())
                .mapEmpty();
    }

    private Future<Void> listen(String host, int wanted, Webhooks webhooks) {
        var verticle = new AbstractVerticle() {
            @Override
            public void start(Promise<Void> started) {
                var server = vertx.createHttpServer(options()).requestHandler(webhooks.on(vertx));
                server.listen(wanted, host)
                        .onSuccess(listening -> {
                            port = listening.actualPort();
                            servers.add(listening);
                        })
                        .<Void>mapEmpty()
                        .onComplete(started);
            }
        };
        return vertx.deployVerticle(verticle, new DeploymentOptions()).mapEmpty();
    }

    private static HttpServerOptions options() {
        return new HttpServerOptions()
                // Or no handler runs at accept, and a silent connection could not be given a deadline.
                .setHttp2ClearTextEnabled(false)
                .setMaxHeaderSize(HEADER_BYTES_MAX)
                .setMaxInitialLineLength(LINE_BYTES_MAX)
                .setMaxFormAttributeSize(0)
                .setDecompressionSupported(false)
                .setHandle100ContinueAutomatically(false)
                // Above the longest hold, for it cuts requests that wait for their answer too.
                .setIdleTimeout(IDLE_SECONDS)
                .setTcpNoDelay(true);
    }
}
