// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.redis;

import static dev.spillway.ratelimit.Laws.NOW;
import static dev.spillway.ratelimit.Laws.SCOPE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.ratelimit.BreakerCall;
import dev.spillway.ratelimit.BreakerKey;
import dev.spillway.ratelimit.Laws;
import dev.spillway.ratelimit.LeaseReply.Granted;
import dev.spillway.ratelimit.LeaseRequest;
import dev.spillway.ratelimit.Limit;
import dev.spillway.ratelimit.Mode;
import dev.spillway.ratelimit.Policy;
import dev.spillway.ratelimit.Refund;
import dev.spillway.ratelimit.Report;
import dev.spillway.ratelimit.Tariff;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** I8: the scripts in a real Redis answer and store what the law does, whatever is asked and whatever the clock does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScriptEqualsLawIT {
    private static final int SCHEDULES = 60;
    private static final int STEPS = 250;
    private static final byte[] KEY = Wire.text("rl:{p:1}");
    private static final byte[] CHANNEL = Wire.text("rl:signals");

    private final Script acquire = Script.named("acquire.lua").onGivenTime();
    private final Script report = Script.named("report.lua").onGivenTime();
    private final Script breaker = Script.named("breaker.lua").onGivenTime();
    private final Script release = Script.named("release.lua");
    private final EmbeddedRedis redis = EmbeddedRedis.start();
    private final RedisClient client = RedisClient.create(redis.uri());
    private StatefulRedisConnection<byte[], byte[]> connection;

    private Random random = new Random();
    private Map<String, Long> state = new HashMap<>();
    private long time;
    private int grants;

    @BeforeAll
    void connect() {
        connection = client.connect(ByteArrayCodec.INSTANCE);
    }

    @AfterAll
    void stop() {
        client.shutdown();
        redis.close();
    }

    @Test
    void any_schedule_gives_the_same_replies_and_the_same_state() {
        var first = new Random().nextLong();
        for (long seed = first; seed < first + SCHEDULES; seed++) {
            random = new Random(seed);
            state = new HashMap<>();
            time = NOW;
            connection.sync().flushall();
            var tariffs = tariffs();
            for (int step = 0; step < STEPS; step++) {
                step("seed " + seed + " step " + step, tariffs);
            }
        }
        assertThat(grants).as("schedules that grant nothing prove nothing").isGreaterThan(SCHEDULES * STEPS / 10);
    }

    @Test
    void every_key_has_a_time_to_live() {
        state = new HashMap<>();
        connection.sync().flushall();
        time = NOW;
        random = new Random(1);
        var tariffs = tariffs();
        for (int step = 0; step < 50; step++) {
            step("step " + step, tariffs);
            for (var key : connection.sync().keys("*")) {
                assertThat(connection.sync().pttl(key)).isPositive();
            }
        }
    }

    @Test
    void shared_breakers_too() {
        var first = new Random().nextLong();
        var opened = 0;
        for (long seed = first; seed < first + SCHEDULES; seed++) {
            random = new Random(seed);
            state = new HashMap<>();
            time = NOW;
            connection.sync().flushall();
            for (int step = 0; step < STEPS; step++) {
                time += clockStep();
                var kinds = List.of(BreakerCall.Kind.values());
                var kind = kinds.get(random.nextInt(random.nextInt(6) == 0 ? kinds.size() : 5));
                var generation = state.getOrDefault("gen", 0L) - random.nextInt(8) / 7;
                var call = new BreakerCall(
                        new BreakerKey("x"),
                        node(),
                        kind,
                        random.nextInt(4),
                        generation,
                        Laws.millis(random.nextInt(3) * 450L));
                var expected = Laws.breaker(state, time, call);

                var reply = call(breaker, timed(Wire.breaker(call, CHANNEL)));

                var name = "seed " + seed + " step " + step + " " + call;
                assertThat(Wire.breaker(reply)).as(name).isEqualTo(expected);
                assertThat(stored()).as(name).isEqualTo(new TreeMap<>(state));
                opened += expected.changed() && expected.open() ? 1 : 0;
            }
        }
        assertThat(opened).isGreaterThan(SCHEDULES);
    }

    private void step(String name, List<Tariff> tariffs) {
        time += clockStep();
        switch (random.nextInt(10)) {
            case 0 -> compareReport(name);
            default -> compareAcquire(name, tariffs.get(random.nextInt(tariffs.size())));
        }
        assertThat(stored()).as(name).isEqualTo(new TreeMap<>(state));
    }

    private void compareAcquire(String name, Tariff tariff) {
        var need = 1 + random.nextInt(2);
        var want = need + random.nextInt(30);
        var ahead = random.nextInt(3) * Laws.millis(1_000);
        var lead = random.nextInt(3) == 0 ? random.nextLong(Laws.millis(500)) : 0;
        var asker = random.nextInt(8) == 0 ? LeaseRequest.NOBODY : node();
        var request = new LeaseRequest(SCOPE, tariff, asker, need, want, ahead, lead);
        var expected = Laws.acquire(state, time, request);

        CompletionStage<byte[]> answered =
                acquire.call(connection.async(), ScriptOutputType.VALUE, KEY, timed(Wire.acquire(request)));
        var reply = answered.toCompletableFuture().join();

        assertThat(Wire.reply(tariff, reply)).as(name).isEqualTo(expected);
        if (expected instanceof Granted grant) {
            grants++;
            if (asker != LeaseRequest.NOBODY && random.nextInt(4) == 0) {
                compareRelease(name, tariff, grant);
            }
        }
    }

    private void compareRelease(String name, Tariff tariff, Granted grant) {
        var refund = new Refund(SCOPE, tariff, 1 + random.nextLong(grant.n()), grant.timelines(), grant.buckets());
        var expected = Laws.release(state, refund);

        CompletionStage<Long> taken =
                release.call(connection.async(), ScriptOutputType.INTEGER, KEY, Wire.release(refund));

        assertThat(taken.toCompletableFuture().join()).as(name).isEqualTo(expected);
    }

    private void compareReport(String name) {
        var kind = List.of(Report.Kind.values()).get(random.nextInt(Report.Kind.values().length));
        var value = kind == Report.Kind.GUARDED ? random.nextInt(1_500) : random.nextInt(3) * Laws.millis(700);
        var signal = new Report(SCOPE, node(), kind, value, state.getOrDefault("ep", 0L) - random.nextInt(2));
        var expected = Laws.report(state, time, signal);

        var reply = call(report, timed(Wire.report(signal, CHANNEL)));

        assertThat(Wire.status(reply)).as("%s %s", name, signal).isEqualTo(expected);
    }

    private long node() {
        return (1L << 47) + random.nextInt(5);
    }

    private long clockStep() {
        return switch (random.nextInt(40)) {
            case 0 -> -random.nextLong(Laws.millis(2_500));
            case 1 -> -random.nextLong(Laws.millis(7_200_000));
            case 2 -> random.nextLong(Laws.millis(4_000_000));
            case 3, 4, 5, 6, 7 -> random.nextLong(Laws.millis(3_000));
            case 8, 9, 10 -> 0;
            default -> random.nextLong(Laws.millis(100));
        };
    }

    /** Three classes over shared limits, in an old and a new version. */
    private List<Tariff> tariffs() {
        return List.of(policy(1, 1), policy(2, 2)).stream()
                .flatMap(policy -> policy.classes().keySet().stream()
                        .sorted()
                        .map(contentClass -> Laws.tariff(policy, contentClass)))
                .toList();
    }

    private Policy policy(long version, int scale) {
        var text = Limit.hard("text", 300L * scale, Duration.ofSeconds(1));
        var media = new Limit("media", 10L * scale, Duration.ofSeconds(1), 3, Mode.NOMINAL);
        var total = Limit.hard("total", 1L + random.nextInt(400), Duration.ofSeconds(1));
        var hour = Limit.quota("hour", 50L + random.nextInt(3_000), Duration.ofHours(1));
        var day = Limit.quota("day", 5_000, Duration.ofHours(24));
        return Policy.of(
                version,
                Map.of(
                        "text", List.of(text, total, hour),
                        "media", List.of(media, total, hour, day),
                        "counted", List.of(hour, day)));
    }

    private byte[][] timed(byte[][] args) {
        var timed = Arrays.copyOf(args, args.length + 1);
        timed[args.length] = Long.toString(time).getBytes(US_ASCII);
        return timed;
    }

    private List<Object> call(Script script, byte[][] args) {
        CompletionStage<List<Object>> reply = script.call(connection.async(), ScriptOutputType.MULTI, KEY, args);
        return reply.toCompletableFuture().join();
    }

    private Map<String, Long> stored() {
        var stored = new TreeMap<String, Long>();
        connection
                .sync()
                .hgetall(KEY)
                .forEach((field, value) ->
                        stored.put(new String(field, UTF_8), Long.parseLong(new String(value, US_ASCII))));
        return stored;
    }
}
