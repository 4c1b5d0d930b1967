// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import dev.spillway.gateway.cli.CommandFailure;
import dev.spillway.gateway.cli.DevOptions;
import dev.spillway.gateway.config.Loaded;
import dev.spillway.gateway.config.Problem;
import dev.spillway.gateway.config.Settings;
import dev.spillway.gateway.dev.EmbeddedRedis;
import dev.spillway.gateway.dev.RedisSettings;
import dev.spillway.gateway.sandbox.Sandbox;
import dev.spillway.gateway.sandbox.SandboxOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.BindException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.stream.Collectors;

/**
 * Everything in one process, for a person who wants to see it work: a Redis of its own, all roles, the sandbox platform,
 * Peter, and a chat page. No account, no network.
 */
final class DevMode {
    private static final String APP = "demo";
    private static final String PAGE = "100200300400500";

    private static final Duration STOP_MAX = Duration.ofSeconds(30);

    private final EmbeddedRedis redis;
    private final Vertx vertx;
    private final Sandbox sandbox;
    private final Gateway gateway;

    private DevMode(EmbeddedRedis redis, Vertx vertx, Sandbox sandbox, Gateway gateway) {
        this.redis = redis;
        this.vertx = vertx;
        this.sandbox = sandbox;
        this.gateway = gateway;
    }

    /** Runs until the process is told to stop. */
    static int run(DevOptions options) throws Exception {
        var dev = start(options);
        System.out.println(dev.welcome(options));
        MainThread.untilStopped(dev::stop, STOP_MAX);
        return 0;
    }

    /** Starts all of it; blocks until it is ready. */
    static DevMode start(DevOptions options) throws Exception {
        var redis = EmbeddedRedis.start(
                options.data().map(RedisSettings.temporary()::withDataFolder).orElseGet(RedisSettings::temporary));
        var vertx = Vertx.vertx();
        try {
            var secret = random();
            var token = random();
            var sandbox = MainThread.result(Sandbox.start(
                    vertx,
                    SandboxOptions.defaults()
                            .withAddress("127.0.0.1", options.sandboxPort())
                            .withApp(APP, secret, "http://127.0.0.1:1/")
                            .withPage(PAGE, APP, token, "Peter's homework help")));
            var gateway = new Gateway(settings(options, redis, sandbox, secret, token), BuiltInBots.all());
            MainThread.result(gateway.start());
            sandbox.webhook(APP, "http://127.0.0.1:" + gateway.httpPort() + "/webhooks/" + APP);
            return new DevMode(redis, vertx, sandbox, gateway);
        } catch (Exception failed) {
            redis.close();
            throw told(failed, options);
        }
    }

    /** The address of the chat page. */
    String chatUrl() {
        return sandbox.url() + "/";
    }

    /** The gateway inside. */
    Gateway gateway() {
        return gateway;
    }

    /** Stops all of it; keeps the data if it has a folder. */
    Future<Void> stop() {
        return gateway.stop()
                .otherwiseEmpty()
                .compose(ignored -> sandbox.close().otherwiseEmpty())
                .compose(ignored -> vertx.close().otherwiseEmpty())
                .onComplete(ignored -> redis.close());
    }

    private String welcome(DevOptions options) {
        var kept = options.data()
                .map(folder -> "kept in " + folder)
                .orElse("forgotten at the end; keep them with --data FOLDER");
        return """

            Spillway runs, with everything it needs inside this process.

              Chat with Peter    %s
              Invited by Anna    %s?ref=Anna
              Webhooks           http://127.0.0.1:%d/webhooks/%s
              Health, metrics    http://127.0.0.1:%d/readyz  /metrics
              Redis              %s

            Events are %s. Stop with Ctrl-C.
            """.formatted(chatUrl(), chatUrl(), gateway.httpPort(), APP, gateway.opsPort(), redis.uri(), kept);
    }

    private static Settings settings(
            DevOptions options, EmbeddedRedis redis, Sandbox sandbox, String secret, String token) {
        var yaml = """
            spillway:
              http: { host: 127.0.0.1, port: %d }
              ops: { host: 127.0.0.1, port: %d }
              redis: { uri: "%s", durability: everysec }
              partitions: 16
              apps:
                %s: { secrets: [%s], verify-token: %s }
              graph: { base-url: "%s" }
              pages:
                "%s": { app: %s, token: %s }
              bots:
                peter: { kind: built-in }
              drain: { endpoints: 0s, requests: 2s, work: 3s, sends: 3s }
            """.formatted(
                        options.httpPort(),
                        options.opsPort(),
                        redis.uri(),
                        APP,
                        secret,
                        random(),
                        sandbox.url(),
                        PAGE,
                        APP,
                        token);
        return switch (Settings.parse(yaml)) {
            case Loaded.Ready(var settings) -> settings;
            case Loaded.Refused(var problems) ->
                throw new IllegalStateException(
                        problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
        };
    }

    private static Exception told(Exception failed, DevOptions options) {
        if (failed instanceof BindException) {
            return new CommandFailure(
                    "a port is in use: dev mode wants " + options.httpPort() + ", " + options.opsPort()
                            + " and " + options.sandboxPort() + " (choose others with --http-port, --ops-port and "
                            + "--sandbox-port)");
        }
        if (failed instanceof IOException) {
            return new CommandFailure("the embedded Redis does not start: " + failed.getMessage());
        }
        return failed;
    }

    private static String random() {
        var bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
