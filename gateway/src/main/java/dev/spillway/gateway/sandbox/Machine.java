// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The running parts of a sandbox, on a context of their own. */
final class Machine extends VerticleBase {
    private static final int IDLE_SECONDS = 120;
    private static final long BEAT_MILLIS = 15_000;

    final SandboxOptions options;
    final CallLog log;
    final Faults faults = new Faults();
    // Written once, by the context at start; read by any thread.
    private volatile @Nullable Parts parts;

    /** Everything that needs a Vert.x. */
    record Parts(
            WebhookClient client,
            Webhooks webhooks,
            Platform platform,
            Chat chat,
            GraphEndpoint graph,
            HttpServer server) {}

    Machine(SandboxOptions options) {
        this.options = options;
        this.log = new CallLog(options.callsMax());
    }

    @Override
    public Future<?> start() {
        var ids = new Ids();
        var clock = InstantSource.system();
        var client = new WebhookClient(vertx, options);
        var retries = new Retries(options.retryBackoff(), options.retryHorizon());
        var webhooks = new Webhooks(vertx, client, retries, System::nanoTime);
        var platform = new Platform(options, webhooks, ids, clock);
        var chat = new Chat(clock);
        var graph = new GraphEndpoint(vertx, options, log, faults, platform, chat, ids, clock, System::nanoTime);
        var control = new Control(log, faults, platform, webhooks, client, this::reset);
        var front =
                new Front(graph, new ChatEndpoint(options, chat, platform), control, new PageFiles(), options.host());
        var server = vertx.createHttpServer(new HttpServerOptions()
                        .setHost(options.host())
                        .setPort(options.port())
                        .setIdleTimeout(IDLE_SECONDS))
                .requestHandler(front::handle);
        vertx.setPeriodic(BEAT_MILLIS, beat -> chat.beat());
        return server.listen()
                .onSuccess(listening -> parts = new Parts(client, webhooks, platform, chat, graph, listening));
    }

    @Override
    public Future<?> stop() {
        var running = parts();
        running.webhooks().close();
        return running.server().close().eventually(running.client()::close);
    }

    Parts parts() {
        var running = parts;
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        return running;
    }

    /** Forgets calls, faults, usage and chats. Webhooks under way go on. Runs on the context. */
    void reset() {
        log.reset();
        faults.clear();
        parts().graph().reset();
        parts().chat().reset();
    }

    /** Runs the action on the sandbox's context. */
    void onContext(Runnable action) {
        context.runOnContext(here -> action.run());
    }
}
