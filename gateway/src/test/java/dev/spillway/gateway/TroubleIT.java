// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.PAGE;
import static dev.spillway.gateway.PathRig.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.messenger.Content;
import dev.spillway.gateway.messenger.Reply;
import dev.spillway.gateway.sandbox.Call;
import dev.spillway.gateway.sandbox.Fault;
import dev.spillway.gateway.stream.Partitions;
import dev.spillway.gateway.worker.Bot;
import dev.spillway.gateway.worker.Delivery;
import dev.spillway.gateway.worker.EchoBot;
import dev.spillway.gateway.worker.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes wrong with a bot or at the platform stays with the reply it concerns, and nothing is dropped silently. */
final class TroubleIT {
    private static final Map<String, Supplier<Bot>> ECHO = Map.of("echo", EchoBot::new);

    private final PathRig rig = new PathRig();

    @AfterEach
    void close() {
        rig.close();
    }

    private static String text(Delivery delivery) {
        return Content.of(delivery.event()) instanceof Content.Message message ? String.valueOf(message.text()) : "";
    }

    @Test
    void an_event_whose_bot_throws_every_time_becomes_a_dead_letter_and_its_conversation_goes_on() {
        Bot bot = delivery -> {
            if (text(delivery).equals("poison")) {
                throw new IllegalStateException("I cannot");
            }
            return Verdict.accept(Reply.text(text(delivery)));
        };
        rig.gateway(Map.of("moody", () -> bot));

        await(rig.say("7001", "poison"));
        await(rig.say("7001", "after"));
        await(rig.say("7002", "beside"));

        rig.calls(2);
        assertThat(rig.sandbox.calls()).extracting(Call::text).containsExactlyInAnyOrder("after", "beside");
        assertThat(rig.counter("moody.1:dead")).isEqualTo(1);
        assertThat(rig.deadLetters()).singleElement().satisfies(letter -> assertThat(letter)
                .containsEntry("of", "moody.1")
                .containsEntry("reason", "bot-failed: IllegalStateException")
                .containsEntry("attempts", "2")
                .hasEntrySatisfying("b", event -> assertThat(event).contains("poison")));
    }

    @Test
    void a_record_of_a_newer_version_is_left_to_newer_processes_and_other_partitions_go_on() {
        rig.gateway(Map.of("echo", EchoBot::new));
        var ours = new Partitions(8).of(PathRig.PAGE + ":7001");
        var theirs = (ours + 1) % 8;
        var key = "g1:in:{p" + theirs + "}";
        rig.redis.client().xadd(key, Map.of("n", "1", "b", "{\"version\":99,\"id\":\"?\"}"));

        rig.awaitThat(
                () -> "".equals(rig.redis.client().hget("g1:own:{p" + theirs + "}:echo.1", "o")), "it is given back");
        await(rig.say("7001", "beside"));
        rig.calls(1);
        assertThat(rig.redis.client().xpending(key, "echo.1").getCount())
                .as("kept for who can read it")
                .isEqualTo(1);
        assertThat(rig.redis.client().hget("g1:own:{p" + theirs + "}:echo.1", "o"))
                .isEmpty();
        assertThat(rig.deadLetters()).isEmpty();
    }

    @Test
    void a_bot_that_hangs_costs_its_own_conversation_only() {
        var never = new CountDownLatch(1);
        Bot bot = delivery -> {
            if (text(delivery).equals("hang")) {
                never.await();
            }
            return Verdict.accept(Reply.text(text(delivery)));
        };
        rig.gateway(Map.of("sleepy", () -> bot));

        await(rig.say("7001", "hang"));
        await(rig.say("7002", "beside"));
        rig.calls(1);
        assertThat(rig.sandbox.calls()).extracting(Call::text).containsExactly("beside");

        await(rig.say("7001", "after"));
        rig.calls(2);
        assertThat(rig.sandbox.calls()).extracting(Call::text).containsExactly("beside", "after");
        assertThat(rig.deadLetters()).singleElement().satisfies(letter -> assertThat(letter.get("reason"))
                .startsWith("bot-failed: Timeout"));
    }

    @Test
    void a_reply_that_the_platform_would_refuse_never_reaches_it() {
        Bot bot = delivery -> Verdict.accept(Reply.text("x".repeat(2100)));
        rig.gateway(Map.of("verbose", () -> bot));

        await(rig.say("7001", "hello"));

        rig.awaitCounter("verbose.1:dead", 1);
        assertThat(rig.sandbox.calls()).isEmpty();
        assertThat(rig.deadLetters()).singleElement().satisfies(letter -> assertThat(letter.get("reason"))
                .contains("2100 characters"));
    }

    @Test
    void a_bot_can_ask_for_an_event_again_or_reject_it() {
        Bot bot = delivery -> switch (text(delivery)) {
            case "later" ->
                delivery.attempt() == 1
                        ? new Verdict.Release(Duration.ofMillis(50), "not yet")
                        : Verdict.accept(Reply.text("now"));
            default -> new Verdict.Reject("not for me");
        };
        rig.gateway(Map.of("choosy", () -> bot));

        await(rig.say("7001", "later"));
        await(rig.say("7002", "never"));

        rig.calls(1);
        rig.awaitCounter("choosy.1:dead", 1);
        assertThat(rig.sandbox.calls()).extracting(Call::text).containsExactly("now");
        assertThat(rig.deadLetters()).singleElement().satisfies(letter -> assertThat(letter)
                .containsEntry("reason", "bot-rejected: not for me"));
    }

    @Test
    void a_passing_error_of_the_platform_is_tried_again() {
        rig.gateway(ECHO);
        rig.sandbox.fault(new Fault.Refuse(500, 2, 0, false), PAGE, 2);

        await(rig.say("7001", "hello"));

        rig.awaitCounter("sent", 1);
        assertThat(rig.taken()).containsExactly("hello");
    }

    @Test
    void a_final_error_of_the_platform_is_a_dead_letter_and_the_next_reply_goes_out() {
        rig.gateway(ECHO);
        rig.sandbox.fault(new Fault.Refuse(400, 551, 0, false), PAGE, 1);

        await(rig.say("7001", "unreachable"));
        await(rig.say("7001", "after"));

        rig.awaitCounter("sent", 1);
        assertThat(rig.taken()).containsExactly("after");
        assertThat(rig.counter("refused")).isEqualTo(1);
        assertThat(rig.deadLetters()).singleElement().satisfies(letter -> assertThat(letter.get("reason"))
                .startsWith("user-unreachable"));
    }

    @Test
    void a_connection_cut_after_the_platform_took_the_message_is_settled_by_its_echo() {
        rig.gateway(ECHO);
        rig.sandbox.fault(new Fault.Cut(true), PAGE, 1);

        await(rig.say("7001", "hello"));
        await(rig.say("7001", "after"));

        rig.awaitCounter("sent", 2);
        assertThat(rig.taken()).containsExactly("hello", "after");
    }

    @Test
    void a_doubt_that_no_echo_settles_is_sent_again_after_its_time() {
        rig.gateway(ECHO);
        rig.sandbox.fault(new Fault.Cut(false), PAGE, 1);

        await(rig.say("7001", "hello"));

        rig.awaitCounter("sent", 1);
        assertThat(rig.taken()).containsExactly("hello");
    }

    @Test
    void events_waiting_when_everything_is_idle_are_none_and_the_counters_balance() {
        rig.gateway(ECHO);
        for (var i = 0; i < 20; i++) {
            await(rig.say("70" + i % 4, "text " + i));
        }
        rig.awaitCounter("sent", 20);

        // Each reply's echo comes as an event too; the bot does not want echoes.
        rig.awaitCounter("added", 40);
        rig.awaitIdle("echo.1");
        assertThat(rig.counter("added", "echo.1:base", "echo.1:fin")).isZero();
        var duplicates = rig.counter("echo.1:fin", "echo.1:done", "echo.1:dead", "echo.1:skipped", "echo.1:filtered");
        assertThat(duplicates).isZero();
        assertThat(List.of(rig.counter("out"), rig.counter("out-fin"))).containsExactly(20L, 20L);
    }
}
