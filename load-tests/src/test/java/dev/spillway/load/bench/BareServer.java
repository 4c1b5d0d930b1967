// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;

/**
 * The floor: Vert.x as the gateway uses it, reading each body and storing nothing. What a webhook cannot cost less than.
 */
final class BareServer {
    private BareServer() {}

    public static void main(String[] arguments) {
        var port = Integer.parseInt(arguments[0]);
        var loops = Math.max(2, Runtime.getRuntime().availableProcessors());
        var vertx = Vertx.builder()
                .with(new VertxOptions().setEventLoopPoolSize(loops).setPreferNativeTransport(true))
                .build();
        vertx.deployVerticle(
                        () -> new AbstractVerticle() {
                            @Override
                            public void start(Promise<Void> started) {
                                listen(vertx, port).onComplete(started);
                            }
                        },
                        new DeploymentOptions().setInstances(loops))
                .onFailure(failure -> System.exit(1));
    }

    private static Future<Void> listen(Vertx vertx, int port) {
        return vertx.createHttpServer(
                        new HttpServerOptions().setHttp2ClearTextEnabled(false).setTcpNoDelay(true))
                .requestHandler(request ->
                        request.body().onSuccess(body -> request.response().end("EVENT_RECEIVED")))
                .listen(port, "127.0.0.1")
                .mapEmpty();
    }
}
