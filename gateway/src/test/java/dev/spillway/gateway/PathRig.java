// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.config.Loaded;
import dev.spillway.gateway.config.Settings;
import dev.spillway.gateway.kit.RedisRig;
import dev.spillway.gateway.messenger.Kind;
import dev.spillway.gateway.sandbox.Call;
import dev.spillway.gateway.sandbox.Delivered;
import dev.spillway.gateway.sandbox.Sandbox;
import dev.spillway.gateway.sandbox.SandboxOptions;
import dev.spillway.gateway.worker.Bot;
import io.lettuce.core.KeyValue;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A real Redis, the sandbox platform, and gateways in this JVM or in processes of their own: the path as users have it. */
final class PathRig implements AutoCloseable {
    static final String APP = "demo";
    static final String PAGE = "100200300400500";
    static final String OTHER_PAGE = "100200300400501";
    static final String SECRET = "0123456789abcdef0123456789abcdef";
    static final String VERIFY_TOKEN = "verify-me";
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** No limit that a test could meet. */
    static final String UNLIMITED =
            "  limits: { text: { permits: 100000 }, total: { permits: 100000 }, thread: { permits: 100000 } }";

    final RedisRig redis;
    private final Supplier<List<RedisRig>> servers;
    private final AutoCloseable all;
    final Vertx vertx = Vertx.vertx();
    final Sandbox sandbox;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Gateway> gateways = new ArrayList<>();

    PathRig() {
        this(RedisRig.start());
    }

    /** On a Redis of the test's; closed with this. */
    PathRig(RedisRig redis) {
        this(redis, () -> List.of(redis), redis);
    }

    /** On several servers of the test's, of which those that {@code servers} tells have the data now. */
    PathRig(RedisRig redis, Supplier<List<RedisRig>> servers, AutoCloseable all) {
        this.redis = redis;
        this.servers = servers;
        this.all = all;
        sandbox = await(Sandbox.start(
                vertx,
                SandboxOptions.defaults()
                        .withApp(APP, SECRET, "")
                        .withPage(PAGE, APP, "page-token")
                        .withPage(OTHER_PAGE, APP, "other-token")
                        .withWebhookTimes(Duration.ofSeconds(6), Duration.ofMillis(200), Duration.ofMinutes(5))));
    }

    /** A configuration; {@code more} is appended below {@code spillway:}. */
    String yaml(String redisUri, int httpPort, int opsPort, String bots, String more) {
        return """
            spillway:
              http: { host: 127.0.0.1, port: %d }
              ops: { host: 127.0.0.1, port: %d }
              redis: { uri: "%s", durability: everysec }
              partitions: 8
              apps:
                demo: { secrets: ["%s"], verify-token: "%s" }
              graph: { base-url: "%s" }
              pages:
                "%s": { app: demo, token: page-token }
                "%s": { app: demo, token: other-token }
              bots: %s
              stream: { lease-ttl: 2s, renew-every: 300ms }
              worker: { attempts-max: 2, time-limit: 3s }
              dispatch: { send-timeout: 2s, doubt-wait: 3s }
              drain: { endpoints: 0s, requests: 2s, work: 2s, sends: 2s }
            %s
            """.formatted(
                        httpPort, opsPort, redisUri, SECRET, VERIFY_TOKEN, sandbox.url(), PAGE, OTHER_PAGE, bots, more);
    }

    /** A gateway in this JVM; webhooks go to it from now on. */
    Gateway gateway(Map<String, Supplier<Bot>> bots) {
        return gateway(redis.uri(), bots);
    }

    Gateway gateway(String redisUri, Map<String, Supplier<Bot>> bots) {
        return gateway(redisUri, bots, "kind: built-in");
    }

    /** A gateway whose bots get every kind of event, standby and echoes too. */
    Gateway gatewayWithAllKinds(Map<String, Supplier<Bot>> bots) {
        var kinds = Stream.of(Kind.values()).map(Kind::wire).collect(Collectors.joining(", "));
        return gateway(redis.uri(), bots, "kind: built-in, kinds: [standby, " + kinds + "]");
    }

    /** A gateway that sends replies as fast as it can. */
    Gateway unlimited(String redisUri, Map<String, Supplier<Bot>> bots) {
        return gateway(redisUri, bots, "kind: built-in", UNLIMITED);
    }

    /** A gateway with more configuration, that serves for so long after it was told to stop. */
    Gateway gateway(Map<String, Supplier<Bot>> bots, String more, String endpoints) {
        var names = bots.keySet().stream()
                .map(name -> name + ": { kind: built-in }")
                .collect(Collectors.joining(", ", "{ ", " }"));
        var yaml = yaml(redis.uri(), 0, 0, names, more).replace("endpoints: 0s", "endpoints: " + endpoints);
        return started(new Gateway(settings(yaml, bots), bots));
    }

    /** A gateway that sends as fast as it can, with its configuration changed. */
    Gateway gateway(Map<String, Supplier<Bot>> bots, UnaryOperator<String> edit) {
        var names = bots.keySet().stream()
                .map(name -> name + ": { kind: built-in }")
                .collect(Collectors.joining(", ", "{ ", " }"));
        return started(new Gateway(settings(edit.apply(yaml(redis.uri(), 0, 0, names, UNLIMITED)), bots), bots));
    }

    private Gateway gateway(String redisUri, Map<String, Supplier<Bot>> bots, String each) {
        return gateway(redisUri, bots, each, "");
    }

    /** A gateway with more settings; {@code more} as for {@link #yaml}. */
    Gateway gateway(String redisUri, Map<String, Supplier<Bot>> bots, String each, String more) {
        return gateway(redisUri, bots, each, more, "everysec");
    }

    /** A gateway of another durability. */
    Gateway gateway(String redisUri, Map<String, Supplier<Bot>> bots, String each, String more, String durability) {
        var names = bots.keySet().stream()
                .map(name -> name + ": { " + each + " }")
                .collect(Collectors.joining(", ", "{ ", " }"));
        var yaml = yaml(redisUri, 0, 0, names, more).replace("durability: everysec", "durability: " + durability);
        if (durability.startsWith("replicated")) {
            // While a replica is promoted no echo gets in, for longer than the short wait of the other tests.
            yaml = yaml.replace("doubt-wait: 3s", "doubt-wait: 20s");
        }
        return started(new Gateway(settings(yaml, bots), bots));
    }

    /** A gateway in whose configuration some texts are replaced by others. */
    Gateway gateway(Map<String, Supplier<Bot>> bots, Map<String, String> instead) {
        var names = bots.keySet().stream()
                .map(name -> name + ": { kind: built-in }")
                .collect(Collectors.joining(", ", "{ ", " }"));
        var yaml = yaml(redis.uri(), 0, 0, names, "");
        for (var one : instead.entrySet()) {
            yaml = yaml.replace(one.getKey(), one.getValue());
        }
        return started(new Gateway(settings(yaml, bots), bots));
    }

    private Gateway started(Gateway gateway) {
        await(gateway.start());
        gateways.add(gateway);
        sandbox.webhook(APP, webhookUrl(gateway.httpPort()));
        return gateway;
    }

    static String webhookUrl(int port) {
        return "http://127.0.0.1:" + port + "/webhooks/" + APP;
    }

    private static Settings settings(String yaml, Map<String, Supplier<Bot>> bots) {
        return switch (Settings.parse(yaml, bots.keySet())) {
            case Loaded.Ready(var settings) -> settings;
            case Loaded.Refused(var problems) -> throw new IllegalStateException(problems.toString());
        };
    }

    /** A file with this configuration, for a process. */
    Path file(String yaml) throws IOException {
        var folder = Files.createDirectories(Path.of("target", "configurations"));
        var file = Files.createTempFile(folder, "spillway", ".yaml");
        Files.writeString(file, yaml);
        return file;
    }

    /** Posts a body as the platform would, once. */
    HttpResponse<String> post(int port, byte[] body, String secret) throws IOException, InterruptedException {
        return post(port, body, Map.of("X-Hub-Signature-256", "sha256=" + hmac(secret, body)));
    }

    HttpResponse<String> post(int port, byte[] body, Map<String, String> headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(webhookUrl(port)))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(url))
                        .timeout(Duration.ofSeconds(20))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    static String hmac(String secret, byte[] body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    /** A text message of a user, as the platform's envelope. */
    static byte[] text(String user, String mid, String text) {
        return """
            {"object":"page","entry":[{"id":"%s","time":%d,"messaging":[{"sender":{"id":"%s"},"recipient":{"id":"%s"},"timestamp":%d,"message":{"mid":"%s","text":"%s"}}]}]}\
            """.formatted(PAGE, System.currentTimeMillis(), user, PAGE, System.currentTimeMillis(), mid, text)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** One notification of a page: each number is a text of its own, {@code m_} and it the message's id; people in turn. */
    static byte[] texts(String page, IntStream numbers, int users) {
        var now = System.currentTimeMillis();
        var items = numbers.mapToObj(number -> """
            {"sender":{"id":"9%04d"},"recipient":{"id":"%s"},"timestamp":%d,"message":{"mid":"m_%d","text":"%d"}}\
            """.formatted(number % users, page, now, number, number))
                .collect(Collectors.joining(","));
        return "{\"object\":\"page\",\"entry\":[{\"id\":\"%s\",\"time\":%d,\"messaging\":[%s]}]}"
                .formatted(page, now, items)
                .getBytes(StandardCharsets.UTF_8);
    }

    Future<Delivered> say(String user, String text) {
        return sandbox.sendText(PAGE, user, text);
    }

    /** Waits until the platform got so many calls in all. */
    List<Call> calls(int count) {
        return await(sandbox.awaitCalls(count, PATIENCE));
    }

    /** The sum of a counter over all partitions, less others, which are read in the same instant of each partition. */
    long counter(String name, String... less) {
        var names = Stream.concat(Stream.of(name), Stream.of(less)).toArray(String[]::new);
        return servers.get().stream()
                .flatMap(server -> server.client().keys("g1:ctr:*").stream()
                        .map(key -> server.client().hmget(key, names)))
                .mapToLong(PathRig::difference)
                .sum();
    }

    private static long difference(List<KeyValue<String, String>> counters) {
        var numbers = counters.stream()
                .mapToLong(counter -> Long.parseLong(counter.getValueOrElse("0")))
                .toArray();
        return 2 * numbers[0] - LongStream.of(numbers).sum();
    }

    /** Waits until a counter has reached this. */
    void awaitCounter(String name, long least) {
        awaitThat(() -> counter(name) >= least, name + " >= " + least);
    }

    /** Waits until a subscription has finished every event. */
    void awaitIdle(String subscription) {
        awaitThat(
                () -> counter("added", subscription + ":base", subscription + ":fin") == 0
                        && counter(subscription + ":aside") == 0,
                subscription + " has finished all");
    }

    /** Waits until this is so. */
    void awaitThat(BooleanSupplier reached, String what) {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("did not come to pass: " + what);
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException leaving) {
                throw new AssertionError(leaving);
            }
        }
    }

    /** So many texts "text N" were taken, each once, and those of a person by rising numbers. */
    void assertTakenOnceAndInOrder(int texts) {
        var taken = taken();
        var once = new HashSet<String>();
        // The few that came twice, not the hundreds among which they did.
        assertThat(taken.stream().filter(text -> !once.add(text))).isEmpty();
        assertThat(once.size()).isEqualTo(texts);
        var last = new HashMap<String, Integer>();
        for (var call : sandbox.calls()) {
            var number = Integer.parseInt(String.valueOf(call.text()).substring("text ".length()));
            assertThat(last.getOrDefault(call.recipient(), -1)).isLessThan(number);
            last.put(call.recipient(), number);
        }
    }

    /** The texts that people got, in order. */
    List<String> taken() {
        return sandbox.calls().stream()
                .filter(Call::taken)
                .map(call -> String.valueOf(call.text()))
                .toList();
    }

    /** Waits until people got so many of the bot's texts, the first one to warm up not counted. */
    void awaitTaken(int count) {
        awaitThat(
                () -> taken().stream().filter(text -> !text.equals("warm")).count() >= count,
                count + " texts reach people");
    }

    /** What is kept for a person to look at. */
    List<Map<String, String>> deadLetters() {
        return redis.client().keys("g1:dl:*").stream()
                .flatMap(key -> redis.client().xrange(key, Range.unbounded()).stream())
                .map(StreamMessage::getBody)
                .toList();
    }

    void stop(Gateway gateway) {
        gateways.remove(gateway);
        await(gateway.stop());
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    @Override
    public void close() {
        gateways.forEach(gateway -> await(gateway.stop()));
        await(sandbox.close());
        await(vertx.close());
        try {
            all.close();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }
}
