// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.spillway.gateway.cli.CommandFailure;
import dev.spillway.gateway.cli.SubscriptionDesk;
import dev.spillway.gateway.config.Loaded;
import dev.spillway.gateway.config.Settings;
import dev.spillway.gateway.kit.CommandMatch;
import dev.spillway.gateway.kit.FaultProxy;
import dev.spillway.gateway.messenger.Content;
import dev.spillway.gateway.messenger.Event;
import dev.spillway.gateway.messenger.Reply;
import dev.spillway.gateway.stream.Script;
import dev.spillway.gateway.worker.Bot;
import dev.spillway.gateway.worker.Delivery;
import dev.spillway.gateway.worker.EchoBot;
import dev.spillway.gateway.worker.Verdict;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * Two bots on the same events: whatever is done to the subscription of one while people write, the other answers every
 * text once and in order.
 */
final class SubscriptionsIT {
    private static final int USERS = 6;

    private final PathRig rig = new PathRig();
    private final Shop shop = new Shop();
    private final Map<String, Supplier<Bot>> bots = Map.of("echo", EchoBot::new, "shop", () -> shop);
    private final List<Future<?>> said = new ArrayList<>();
    private int texts;

    private static String retaining(String yaml) {
        return yaml.replace("renew-every: 300ms", "renew-every: 300ms, retain: 1h");
    }

    @AfterEach
    void close() {
        rig.close();
    }

    /** Answers each text with its own, and remembers what it was given. */
    private static final class Shop implements Bot {
        private record Got(String user, String text, boolean replay) {}

        private final ConcurrentLinkedQueue<Got> got = new ConcurrentLinkedQueue<>();
        private volatile Duration takes = Duration.ZERO;

        @Override
        public Verdict handle(Delivery delivery) throws InterruptedException {
            if (!(Content.of(delivery.event()) instanceof Content.Message message) || message.text() == null) {
                return Verdict.accept();
            }
            Thread.sleep(takes);
            got.add(new Got(
                    String.valueOf(delivery.event().user()),
                    message.text(),
                    delivery.event().mark().source() == Event.Mark.Source.REPLAY));
            return Verdict.accept(Reply.text("shop: " + message.text()));
        }

        List<String> texts() {
            return got.stream().map(Got::text).toList();
        }
    }

    private void say(int count, String padding) {
        for (var i = 0; i < count; i++) {
            said.add(rig.say("70" + texts % USERS, "text " + texts + padding));
            texts++;
        }
    }

    private void say(int count) {
        say(count, "");
    }

    private void awaitAll(String... subscriptions) {
        await(Future.all(said));
        for (var subscription : subscriptions) {
            rig.awaitIdle(subscription);
        }
    }

    private List<String> all(String before, String after) {
        return IntStream.range(0, texts)
                .mapToObj(text -> before + "text " + text + after)
                .toList();
    }

    private List<String> taken(boolean byShop) {
        return rig.taken().stream()
                .filter(text -> text.startsWith("shop: ") == byShop)
                .toList();
    }

    private void echoAnsweredEachOnceAndInOrder(String padding) {
        rig.awaitThat(() -> taken(false).size() >= texts, "the other bot's replies");
        assertThat(taken(false)).containsExactlyInAnyOrderElementsOf(all("", padding));
        for (var user = 0; user < USERS; user++) {
            var who = "70" + user;
            var own = rig.sandbox.calls().stream()
                    .filter(call -> call.taken() && call.recipient().equals(who))
                    .map(call -> String.valueOf(call.text()))
                    .filter(text -> !text.startsWith("shop: "))
                    .toList();
            var expected = IntStream.iterate(user, text -> text < texts, text -> text + USERS)
                    .mapToObj(text -> "text " + text + padding)
                    .toList();
            assertThat(own).containsExactlyElementsOf(expected);
        }
    }

    private SubscriptionDesk desk() {
        return desk(rig.redis.uri());
    }

    private static SubscriptionDesk desk(String redis) {
        var yaml = "spillway: { partitions: 8, redis: { uri: \"" + redis + "\" } }";
        return switch (Settings.parse(yaml)) {
            case Loaded.Ready(var settings) -> RedisDesk.open(settings);
            case Loaded.Refused(var problems) -> throw new IllegalStateException(problems.toString());
        };
    }

    private static SubscriptionDesk.Status status(SubscriptionDesk desk, String name) {
        return desk.list().stream()
                .filter(status -> status.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_paused_bot_gets_nothing_more_within_seconds_and_later_everything_once() throws Exception {
        rig.gateway(bots, yaml -> yaml);
        shop.takes = Duration.ofMillis(20);
        say(120);
        try (var desk = desk()) {
            desk.pause("shop", true);
            Thread.sleep(3000); // It may take two.
            var before = shop.texts().size();
            say(60);
            awaitAll("echo.1");
            Thread.sleep(1500);

            assertThat(shop.texts()).hasSize(before);
            var paused = status(desk, "shop");
            assertThat(paused.state()).isEqualTo("paused");
            assertThat(paused.waiting()).isGreaterThanOrEqualTo(60);
            assertThat(paused.oldest()).isNotNull();
            assertThat(paused.owners().values().stream()
                            .mapToInt(count -> count)
                            .sum())
                    .as("partitions that it holds all the same")
                    .isEqualTo(8);

            desk.pause("shop", false);
            awaitAll("shop.1");
        }
        rig.awaitCounter("sent", 2L * texts);
        assertThat(taken(true)).containsExactlyInAnyOrderElementsOf(all("shop: ", ""));
        assertThat(shop.texts()).doesNotHaveDuplicates();
        echoAnsweredEachOnceAndInOrder("");
    }

    @Test
    void a_bot_that_is_reset_under_load_reads_all_again_and_answers_only_what_it_had_not() {
        rig.gateway(bots, SubscriptionsIT::retaining);
        say(100);
        awaitAll("echo.1", "shop.1");
        shop.takes = Duration.ofMillis(10);
        say(100);
        rig.awaitThat(() -> shop.texts().size() > 110, "it is at work");
        try (var desk = desk()) {
            assertThat(desk.reset("shop", Optional.empty(), false)).isEqualTo(2);
            say(50);
            awaitAll("echo.1", "shop.2");
            rig.awaitCounter("sent", 2L * texts);

            assertThat(taken(true)).containsExactlyInAnyOrderElementsOf(all("shop: ", ""));
            assertThat(rig.counter("shop.2:done")).isEqualTo(texts);
            var replays = shop.got.stream().filter(Shop.Got::replay).toList();
            assertThat(replays).hasSizeBetween(100, 200);
            assertThat(rig.redis.client().keys("*shop.1*")).hasSize(8).allMatch(key -> key.startsWith("g1:own:"));
            echoAnsweredEachOnceAndInOrder("");

            shop.takes = Duration.ZERO;
            assertThat(desk.reset("shop", Optional.empty(), true)).isEqualTo(3);
            rig.awaitThat(() -> taken(true).size() >= 2 * texts, "all replies once more");
            awaitAll("shop.3");
            assertThat(status(desk, "shop").replay()).isEqualTo("send");
        }
        assertThat(taken(true)).hasSize(2 * texts);
        echoAnsweredEachOnceAndInOrder("");
    }

    @Test
    void a_subscription_removed_under_load_takes_all_that_is_its_own_along() throws Exception {
        rig.redis.configSet("stream-node-max-entries", "1");
        var gateway = rig.gateway(bots, yaml -> yaml);
        say(100);
        try (var desk = desk()) {
            rig.awaitThat(() -> shop.texts().size() > 20, "it is at work");
            desk.remove("shop");
            say(100);
            awaitAll("echo.1");

            assertThat(desk.list()).extracting(SubscriptionDesk.Status::name).containsExactly("echo");
            assertThatThrownBy(() -> desk.pause("shop", true)).isInstanceOf(CommandFailure.class);
        }
        rig.awaitThat(
                () -> rig.redis.client().keys("*shop.1*").stream().allMatch(key -> key.startsWith("g1:own:")),
                "only closed leases are left, and they expire");
        rig.awaitThat(() -> entries() <= 8, "trimming goes on without it");
        echoAnsweredEachOnceAndInOrder("");
        var before = shop.texts().size();
        say(10);
        awaitAll("echo.1");
        assertThat(shop.texts()).as("it stays without until it starts anew").hasSize(before);

        rig.stop(gateway);
        rig.gateway(bots, yaml -> yaml);
        say(10);
        awaitAll("echo.1", "shop.2");
        assertThat(rig.counter("shop.2:done")).isGreaterThanOrEqualTo(10);
    }

    private long entries() {
        return rig.redis.client().keys("g1:in:*").stream()
                .mapToLong(key -> rig.redis.client().xlen(key))
                .sum();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_bot_left_behind_skips_when_it_may_and_no_webhook_is_refused_for_it(boolean paused) throws Exception {
        rig.redis.configSet("stream-node-max-entries", "4");
        rig.gateway(
                bots,
                yaml -> yaml.replace("shop: { kind: built-in }", "shop: { kind: built-in, on-full: skip }")
                        + "\n  ingest: { partition-bytes-max: 128KiB }\n");
        var padding = "x".repeat(600);
        try (var desk = desk()) {
            desk.pause("shop", paused);
            shop.takes = Duration.ofSeconds(2);
            while (rig.counter("shop.1:skipped") == 0 && texts < 5000) {
                say(60, padding);
                awaitAll("echo.1");
                Thread.sleep(200);
            }
            assertThat(rig.counter("shop.1:skipped")).isPositive();
            desk.pause("shop", false);
            shop.takes = Duration.ZERO;
            awaitAll("shop.1");
            assertThat(status(desk, "shop").skipped()).isEqualTo(rig.counter("shop.1:skipped"));
        }
        assertThat(said).allMatch(Future::succeeded);
        // The platform may have posted one again: then both copies are skipped, or one is done and one skipped.
        assertThat(rig.counter("shop.1:done") + rig.counter("shop.1:skipped"))
                .isBetween((long) texts, rig.counter("added"));
        assertThat(taken(true)).doesNotHaveDuplicates();
        assertThat(rig.counter("echo.1:skipped")).isZero();
        echoAnsweredEachOnceAndInOrder(padding);
    }

    @Test
    void a_group_deleted_by_hand_stops_trimming_and_is_told() {
        var heard = new ListAppender<ILoggingEvent>();
        heard.start();
        var log = (Logger) LoggerFactory.getLogger("dev.spillway.gateway.stream");
        log.addAppender(heard);
        try {
            rig.redis.configSet("stream-node-max-entries", "1");
            rig.gateway(bots, yaml -> yaml);
            say(30);
            awaitAll("echo.1", "shop.1");
            for (var key : rig.redis.client().keys("g1:in:*")) {
                rig.redis.client().xgroupDestroy(key, "shop.1");
            }
            var before = entries();
            say(30);
            awaitAll("echo.1");

            rig.awaitThat(
                    () -> List.copyOf(heard.list).stream()
                            .anyMatch(event -> event.getMessage().startsWith("Nothing is trimmed: a group is missing")),
                    "it is told");
            assertThat(entries()).isGreaterThanOrEqualTo(before + 6);
        } finally {
            log.detachAppender(heard);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"REGISTER", "SUBSCRIBE", "DROP", "DEL"})
    void a_lost_reply_of_a_change_neither_repeats_nor_loses_it(String command) {
        rig.gateway(bots, SubscriptionsIT::retaining);
        say(20);
        awaitAll("echo.1", "shop.1");
        for (var nth = 1; nth <= 3; nth++) {
            try (var proxy = FaultProxy.toRedis(rig.redis.port());
                    var desk = desk(proxy.redisUri())) {
                proxy.scripts(sha -> Arrays.stream(Script.values())
                        .filter(script -> script.sha().equals(sha))
                        .map(script -> script.name().toUpperCase(Locale.ROOT))
                        .findFirst()
                        .orElse(""));
                var match = command.equals("DEL") ? CommandMatch.named(command) : CommandMatch.script(command);
                proxy.swallowReply(match, command.equals("DEL") ? 1 : nth);

                assertThat(desk.reset("shop", Optional.empty(), false)).isEqualTo(nth + 1);

                assertThat(proxy.hits()).isEqualTo(1);
            }
        }
        awaitAll("shop.4");
        assertThat(rig.counter("shop.4:done")).isEqualTo(texts);
        assertThat(taken(true)).containsExactlyInAnyOrderElementsOf(all("shop: ", ""));
        try (var proxy = FaultProxy.toRedis(rig.redis.port());
                var desk = desk(proxy.redisUri())) {
            proxy.swallowReply(CommandMatch.named("DEL"), 1);
            desk.remove("shop");
            assertThat(desk.list()).hasSize(1);
        }
    }

    @Test
    void a_seventeenth_subscription_is_refused_with_what_to_do() {
        for (var i = 0; i < 15; i++) {
            rig.redis.client().hset("g1:subs", "bot-" + i, "{\"generation\":1,\"state\":\"creating\"}");
        }

        assertThatThrownBy(() -> rig.gateway(bots, yaml -> yaml)).hasStackTraceContaining("at most 16");
    }
}
