// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.OTHER_PAGE;
import static dev.spillway.gateway.PathRig.PAGE;
import static dev.spillway.gateway.PathRig.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.kit.FaultProxy;
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

/** While the platform is ill it is left alone but for single probes, by all processes, and comes back without a burst. */
final class OutageIT {
    private static final Map<String, Supplier<Bot>> ECHO = Map.of("echo", EchoBot::new);
    private static final int TEXTS = 60;

    private final PathRig rig = new PathRig();

    @AfterEach
    void close() {
        rig.close();
    }

    private long metric(Gateway gateway, String line) {
        try {
            return rig.get("http://127.0.0.1:" + gateway.opsPort() + "/metrics")
                    .body()
                    .lines()
                    .filter(one -> one.startsWith(line + " "))
                    .mapToLong(one -> (long) Double.parseDouble(one.substring(line.length() + 1)))
                    .sum();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    private static final String HOST_OPEN = "spillway_dispatch_breakers_open{of=\"host\"}";
    private static final String NOT_SENT = "spillway_graph_call_seconds_count{outcome=\"not-sent\"}";

    private void awaitOpen(Gateway gateway, String line) {
        rig.awaitThat(() -> metric(gateway, line) == 1, line + " is open");
    }

    @Test
    void a_platform_that_is_away_is_left_alone_and_gets_every_reply_once_and_in_order_afterwards() {
        try (var proxy = FaultProxy.toTcp(rig.sandbox.port())) {
            var through = Map.of(rig.sandbox.url(), "http://127.0.0.1:" + proxy.port());
            var one = rig.gateway(ECHO, through);
            var other = rig.gateway(ECHO, through);
            await(rig.say("7009", "warm"));
            rig.calls(1);
            proxy.refuse();
            proxy.cutAll();

            for (var i = 0; i < TEXTS; i++) {
                await(rig.say("70" + i % 10, "text " + i));
            }
            awaitOpen(one, HOST_OPEN);
            awaitOpen(other, HOST_OPEN);
            var tried = metric(one, NOT_SENT) + metric(other, NOT_SENT);
            rig.awaitThat(
                    () -> metric(one, NOT_SENT) + metric(other, NOT_SENT) >= tried + 2, "two more probes at least");
            // The pauses between probes double: each process tries no more than a few times while this test looks on.
            assertThat(metric(one, NOT_SENT) + metric(other, NOT_SENT)).isLessThan(tried + 10);

            proxy.heal();
            rig.awaitTaken(TEXTS);
            rig.awaitThat(() -> metric(one, HOST_OPEN) + metric(other, HOST_OPEN) == 0, "both are closed");
        }
        var taken = rig.sandbox.calls().stream()
                .filter(call -> !"warm".equals(call.text()))
                .toList();
        assertThat(taken).hasSize(TEXTS).allMatch(Call::taken);
        assertInOrder(taken);
        assertThat(rig.deadLetters()).isEmpty();
    }

    private static void assertInOrder(List<Call> calls) {
        for (var user = 0; user < 10; user++) {
            var who = "70" + user;
            assertThat(calls.stream()
                            .filter(call -> call.recipient().equals(who))
                            .map(call ->
                                    Integer.valueOf(String.valueOf(call.text()).substring("text ".length()))))
                    .isSorted();
        }
    }

    @Test
    void a_page_at_which_the_platform_fails_is_probed_and_its_replies_wait_while_others_go_on() {
        var gateway = rig.gateway(ECHO);
        rig.sandbox.fault(new Fault.Refuse(500, 2, 0, false), PAGE, 0);
        for (var i = 0; i < 20; i++) {
            await(rig.say("70" + i, "text " + i));
        }

        awaitOpen(gateway, "spillway_dispatch_breakers_open{of=\"page\"}");
        var calls = rig.sandbox.calls(PAGE).size();
        for (var i = 0; i < 10; i++) {
            await(rig.sandbox.sendText(OTHER_PAGE, "80" + i, "beside"));
        }
        rig.awaitThat(() -> rig.sandbox.calls(OTHER_PAGE).size() == 10, "the other page is served");
        assertThat(metric(gateway, HOST_OPEN)).isZero();
        assertThat(rig.sandbox.calls(PAGE).size()).isLessThan(calls + 6);

        rig.sandbox.clearFaults();
        rig.awaitThat(
                () -> rig.sandbox.calls(PAGE).stream().filter(Call::taken).count() == 20, "all replies are taken");
        assertThat(rig.deadLetters()).isEmpty();
    }

    @Test
    void when_the_calls_of_the_app_are_used_up_no_page_of_it_calls() {
        var one = rig.gateway(ECHO);
        var other = rig.gateway(ECHO);
        rig.sandbox.fault(new Fault.Refuse(400, 4, 0, false), PAGE, 1);

        await(rig.say("7001", "first"));
        awaitOpen(one, "spillway_dispatch_breakers_open{of=\"app\"}", other);
        for (var i = 0; i < 8; i++) {
            await(rig.sandbox.sendText(OTHER_PAGE, "80" + i, "beside"));
            await(rig.say("71" + i, "more"));
        }
        rig.awaitIdle("echo.1");

        sleepSome();
        assertThat(rig.sandbox.calls()).hasSize(1);
    }

    private void awaitOpen(Gateway one, String line, Gateway other) {
        rig.awaitThat(() -> metric(one, line) + metric(other, line) >= 1, line + " is open somewhere");
    }

    private void sleepSome() {
        var until = System.nanoTime() + Duration.ofSeconds(3).toNanos();
        rig.awaitThat(() -> System.nanoTime() > until, "three seconds pass");
    }
}
