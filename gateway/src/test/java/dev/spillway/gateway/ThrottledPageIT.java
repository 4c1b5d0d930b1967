// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.OTHER_PAGE;
import static dev.spillway.gateway.PathRig.PAGE;
import static dev.spillway.gateway.PathRig.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.sandbox.Call;
import dev.spillway.gateway.sandbox.Fault;
import dev.spillway.gateway.worker.Bot;
import dev.spillway.gateway.worker.EchoBot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A page that the platform throttles or blocks is left alone, by all processes, for as long as it says; others go on. */
@Execution(ExecutionMode.CONCURRENT)
final class ThrottledPageIT {
    private static final Map<String, Supplier<Bot>> ECHO = Map.of("echo", EchoBot::new);
    private static final int TEXTS = 12;

    private final PathRig rig = new PathRig();

    @AfterEach
    void close() {
        rig.close();
    }

    private List<Call> calls(String page) {
        return rig.sandbox.calls(page);
    }

    private void awaitCalls(String page, int count) {
        rig.awaitThat(() -> calls(page).size() >= count, count + " calls of " + page);
    }

    private void saySomeMore() {
        for (var i = 1; i < TEXTS; i++) {
            await(rig.say("700" + i % 4, "text " + i));
            await(rig.sandbox.sendText(OTHER_PAGE, "800" + i % 4, "beside " + i));
        }
    }

    private static Duration between(Call one, Call other) {
        return Duration.ofNanos(other.receivedNanos() - one.receivedNanos());
    }

    private void assertAllTakenOnceAndInOrder() {
        rig.awaitThat(
                () -> calls(PAGE).stream().filter(Call::taken).count() >= TEXTS, "all replies of the page are taken");
        for (var user = 0; user < 4; user++) {
            var who = "700" + user;
            var numbers = calls(PAGE).stream()
                    .filter(call -> call.taken() && call.recipient().equals(who))
                    .map(call -> Integer.valueOf(String.valueOf(call.text()).substring("text ".length())))
                    .toList();
            assertThat(numbers).hasSize(TEXTS / 4).isSorted().doesNotHaveDuplicates();
        }
        assertThat(calls(PAGE).stream().filter(Call::taken)).hasSize(TEXTS);
    }

    @Test
    void a_page_is_not_called_before_the_time_that_the_platform_states_and_others_go_on() {
        rig.gateway(ECHO);
        rig.gateway(ECHO);
        rig.sandbox.usage(PAGE, 100, 1);
        rig.sandbox.fault(new Fault.Refuse(400, 80006, 0, false), PAGE, 1);

        await(rig.say("7000", "text 0"));
        awaitCalls(PAGE, 1);
        rig.sandbox.usage(PAGE, 1, 0);
        saySomeMore();

        awaitCalls(OTHER_PAGE, TEXTS - 1);
        assertThat(calls(PAGE)).as("left alone while the other page is served").hasSize(1);
        rig.awaitThat(
                () -> calls(PAGE).size() > 1
                        || System.nanoTime() - calls(PAGE).getFirst().receivedNanos() > 55_000_000_000L,
                "most of the minute passes");
        awaitCalls(PAGE, 2);
        assertThat(between(calls(PAGE).get(0), calls(PAGE).get(1))).isGreaterThan(Duration.ofSeconds(59));
        assertAllTakenOnceAndInOrder();
    }

    @Test
    void too_many_calls_at_once_are_a_moments_rest() {
        rig.gateway(ECHO);
        rig.sandbox.fault(new Fault.Refuse(400, 613, 0, false), PAGE, 1);

        await(rig.say("7000", "text 0"));
        awaitCalls(PAGE, 1);
        saySomeMore();

        awaitCalls(PAGE, 2);
        assertThat(between(calls(PAGE).get(0), calls(PAGE).get(1))).isGreaterThan(Duration.ofMillis(900));
        assertAllTakenOnceAndInOrder();
    }

    @ParameterizedTest
    @CsvSource({"400, 32, 0", "401, 190, 463", "403, 368, 0"})
    void a_page_that_is_spent_or_blocked_or_has_lost_its_token_is_left_alone_without_a_stated_time_too(
            int status, int code, int subcode) {
        rig.gateway(ECHO);
        rig.sandbox.fault(new Fault.Refuse(status, code, subcode, false), PAGE, 0);

        await(rig.say("7000", "text 0"));
        awaitCalls(PAGE, 1);
        saySomeMore();

        awaitCalls(OTHER_PAGE, TEXTS - 1);
        assertThat(calls(PAGE)).hasSize(1);
        assertThat(rig.deadLetters()).as("its replies wait").isEmpty();
    }
}
