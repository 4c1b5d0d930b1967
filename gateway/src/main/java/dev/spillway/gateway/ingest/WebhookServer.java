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
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The public port. HTTP/1.1 only; one acceptor per event loop.
 *
 * <p>Threads: each request stays on the event loop of its connection.
 */
public final class WebhookServer {
    private static final int HEADER_BYTES_MAX = 8192;
    private static final int LINE_BYTES_MAX = 4096;
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
        var connections = new Permits(settings.ingest().connectionsMax());
        var metrics = new IngestMetrics(registry, bytes, events, connections);
        var shares = new PageShares();
        vertx.setPeriodic(SHARES_TURN_MS, ignored -> shares.turn());
        var webhooks = new Webhooks(settings, eventLog, bytes, events, shares, metrics);
        new SecretFiles(webhooks.apps(), metrics).watch(vertx);
        var http = settings.http();
        // Vert.x's way to say that all acceptors share one free port.
        var port = http.port() == 0 ? -1 : http.port();
        var listening = new ArrayList<Future<Void>>();
        for (var i = 0; i < acceptors; i++) {
            Supplier<Connections> perLoop =
                    () -> new Connections(settings.ingest(), connections, metrics, System::nanoTime);
            listening.add(server.listen(http.host(), port, webhooks, perLoop));
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

    private Future<Void> listen(String host, int wanted, Webhooks webhooks, Supplier<Connections> perLoop) {
        var verticle = new AbstractVerticle() {
            @Override
            public void start(Promise<Void> started) {
                var connections = perLoop.get();
                vertx.setPeriodic(Connections.SWEEP_MILLIS, ignored -> connections.sweep());
                vertx.createHttpServer(options())
                        .connectionHandler(connection -> meet((HttpServerConnection) connection, connections, webhooks))
                        // Each connection gets a handler of its own before its first request.
                        .requestHandler(request -> request.connection().close())
                        .listen(wanted, host)
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

    private static void meet(HttpServerConnection http, Connections connections, Webhooks webhooks) {
        var connection = connections.accept(http);
        if (connection != null) {
            // Vert.x's own handlers would answer an unknown version with 501, and hide refusals from the metrics.
            http.handler(request -> webhooks.handle(connection, request));
            http.invalidRequestHandler(request -> webhooks.refuse(connection, request));
        }
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
                // Or a handler in each pipeline would look at every request for an upgrade that nobody offers.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setTcpNoDelay(true);
    }
}
