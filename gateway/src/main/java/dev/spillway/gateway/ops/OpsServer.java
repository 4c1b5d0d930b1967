// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ops;

import static io.vertx.core.Future.succeededFuture;

import dev.spillway.gateway.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The ops port: {@code /livez}, {@code /readyz}, {@code /startupz}, {@code /metrics}, {@code /api/v1/…}.
 *
 * <p>It is the first to start and the last to stop, so that it can tell of everything else. Futures complete on the
 * caller's context, or on the server's if it has none.
 */
public final class OpsServer {
    private static final int CONNECTIONS_MAX = 256;

    private final Vertx vertx;
    private final Settings.Ops settings;
    private final Front front;
    private Optional<HttpServer> server = Optional.empty();

    private OpsServer(Vertx vertx, Settings.Ops settings, Front front) {
        this.vertx = vertx;
        this.settings = settings;
        this.front = front;
    }

    /** What the port tells of, and what the stages add to it. */
    public record Parts(
            Lifecycle lifecycle,
            Meters meters,
            EventLoops loops,
            BuildInfo build,
            List<Check> checks,
            List<Route> routes,
            List<Action> actions) {
        public Parts {
            checks = List.copyOf(checks);
            routes = List.copyOf(routes);
            actions = List.copyOf(actions);
        }
    }

    /** A port that is not open yet. Throws if two parts claim one path. */
    public static OpsServer of(Vertx vertx, Settings settings, Parts parts) {
        var probes = new Probes(parts.lifecycle(), parts.checks(), parts.loops()::stuck);
        var scrapes = new Scrapes(vertx, parts.meters());
        var routes = new ArrayList<Route>();
        routes.add(Route.get("/livez", call -> succeededFuture(probes.live())));
        routes.add(Route.get("/readyz", call -> succeededFuture(probes.ready())));
        routes.add(Route.get("/startupz", call -> succeededFuture(probes.started())));
        routes.add(Route.get("/metrics", scrapes::scrape));
        routes.add(Route.get("/api/v1/info", call -> succeededFuture(info(settings, parts))));
        parts.actions().forEach(action -> routes.add(route(action)));
        routes.addAll(parts.routes());
        return new OpsServer(
                vertx,
                settings.ops(),
                new Front(new Routes(routes), settings.ops().token()));
    }

    /** Opens the port, and says which it is. */
    public Future<Integer> start() {
        var options = new HttpServerOptions()
                .setHost(settings.host())
                .setPort(settings.port())
                .setHttp2ClearTextEnabled(false)
                .setMaxInitialLineLength(4096)
                .setMaxHeaderSize(8192)
                .setIdleTimeout(30);
        var http = vertx.createHttpServer(options);
        var connections = new Connections(CONNECTIONS_MAX);
        server = Optional.of(http);
        return http.connectionHandler(connections::admit)
                .requestHandler(front::serve)
                .listen()
                .map(HttpServer::actualPort);
    }

    /** Closes the port at once. */
    public Future<Void> stop() {
        return server.map(HttpServer::close).orElseGet(Future::succeededFuture);
    }

    private static Answer info(Settings settings, Parts parts) {
        var build = parts.build();
        var info = Json.object()
                .put("version", build.version())
                .put("commit", build.commit())
                .put("java", build.java())
                .put("phase", Probes.word(parts.lifecycle().phase()));
        var roles = info.putArray("roles");
        settings.roles().stream()
                .sorted()
                .map(role -> role.name().toLowerCase(Locale.ROOT))
                .forEach(roles::add);
        return Answer.json(200, info);
    }

    private static Route route(Action action) {
        return Route.post("/api/v1/actions/" + action.name(), call -> {
            Optional<Map<String, String>> arguments = Json.texts(call.body());
            return arguments
                    .map(action::run)
                    .orElseGet(() -> succeededFuture(Answer.error(400, "a JSON object whose values are all texts")));
        });
    }
}
