// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.PAGE;
import static dev.spillway.gateway.PathRig.SECRET;
import static dev.spillway.gateway.PathRig.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.kit.CommandMatch;
import dev.spillway.gateway.kit.Fault;
import dev.spillway.gateway.kit.FaultProxy;
import dev.spillway.gateway.stream.Script;
import dev.spillway.gateway.worker.Bot;
import dev.spillway.gateway.worker.EchoBot;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Redis runs a command, and its reply is lost with the connection: for each command and script that the gateway uses,
 * once. Every reply reaches the platform, none twice.
 */
@Execution(ExecutionMode.CONCURRENT)
final class LostRepliesIT {
    private static final Map<String, Supplier<Bot>> ECHO = Map.of("echo", EchoBot::new);
    private static final int TEXTS = 30;

    private final PathRig rig = new PathRig();
    private final FaultProxy proxy = FaultProxy.toRedis(rig.redis.port());

    @BeforeEach
    void nameScripts() {
        proxy.scripts(sha -> Arrays.stream(Script.values())
                .filter(script -> script.sha().equals(sha))
                .map(script -> script.name().toUpperCase(Locale.ROOT))
                .findFirst()
                .orElse(""));
    }

    @AfterEach
    void close() {
        rig.close();
        proxy.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"INFO", "CLIENT ID", "CONFIG GET", "HSETNX", "HMGET", "HGETALL", "HSET", "HEXISTS"})
    void a_lost_reply_of_a_command_while_starting_is_asked_for_again(String command) throws Exception {
        var fault = proxy.swallowReply(CommandMatch.named(command), 1);
        rig.gateway(proxy.redisUri(), ECHO);

        everyTextIsAnsweredOnce(say(), fault);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SUBSCRIBE", "REGISTER"})
    void a_lost_reply_of_a_script_that_makes_a_subscription_while_starting_is_asked_for_again(String script)
            throws Exception {
        var fault = proxy.swallowReply(CommandMatch.script(script), 1);
        rig.gateway(proxy.redisUri(), ECHO);

        everyTextIsAnsweredOnce(say(), fault);
    }

    @ParameterizedTest
    @ValueSource(strings = {"XADD", "HINCRBY", "XREAD", "HGETALL"})
    void a_lost_reply_of_a_command_loses_and_repeats_nothing(String command) throws Exception {
        warm();
        var fault = proxy.swallowReply(CommandMatch.named(command), 1);

        everyTextIsAnsweredOnce(say(), fault);
    }

    @ParameterizedTest
    @ValueSource(strings = {"LEASE", "HEARTBEAT", "TAKE", "COMMIT", "BEGIN", "SETTLE", "ECHO", "TRIM", "BACKLOG"})
    void a_lost_reply_of_a_script_loses_and_repeats_nothing(String script) throws Exception {
        warm();
        var fault = proxy.swallowReply(CommandMatch.script(script), 1);

        everyTextIsAnsweredOnce(say(), fault);
    }

    @Test
    void a_lost_reply_about_events_that_came_late_loses_and_repeats_nothing() throws Exception {
        var port = warm().httpPort();
        var fault = proxy.swallowReply(CommandMatch.script("SEEN"), 1);

        for (var i = 0; i < TEXTS; i++) {
            postUntilTaken(port, late("70" + i % 6, "text " + i));
        }

        everyTextIsAnsweredOnce(List.of(), fault);
    }

    @Test
    void a_lost_reply_of_what_the_journal_says_of_a_send_in_doubt_loses_and_repeats_nothing() throws Exception {
        warm();
        var fault = proxy.swallowReply(CommandMatch.named("HMGET"), 1);
        rig.sandbox.fault(new dev.spillway.gateway.sandbox.Fault.Cut(true), PAGE, 1);

        everyTextIsAnsweredOnce(say(), fault);
    }

    @Test
    void a_lost_reply_of_taking_an_attempt_back_loses_and_repeats_nothing() throws Exception {
        warm();
        var fault = proxy.swallowReply(CommandMatch.script("ABORT"), 1);
        rig.sandbox.fault(new dev.spillway.gateway.sandbox.Fault.Refuse(500, 2, 0, false), PAGE, 1);

        everyTextIsAnsweredOnce(say(), fault);
    }

    @Test
    void a_lost_reply_of_a_late_word_to_the_journal_loses_and_repeats_nothing() throws Exception {
        warm();
        var fault = proxy.swallowReply(CommandMatch.script("DONE"), 1);
        rig.sandbox.fault(new dev.spillway.gateway.sandbox.Fault.Delay(Duration.ofMillis(800)), PAGE, 4);
        var said = say();
        rig.calls(2);

        // While sends are on their way, another takes every partition's replies for a moment.
        var redis = rig.redis.client();
        for (var key : redis.keys("g1:own-out:*")) {
            redis.hincrby(key, "e", 1);
            redis.hset(key, Map.of("o", "another", "x", "1"));
        }

        everyTextIsAnsweredOnce(said, fault);
    }

    @Test
    void a_lost_reply_of_giving_a_partition_back_loses_and_repeats_nothing() throws Exception {
        var first = warm();
        var fault = proxy.swallowReply(CommandMatch.script("RELEASE"), 1);
        rig.stop(first);
        rig.gateway(proxy.redisUri(), ECHO);

        everyTextIsAnsweredOnce(say(), fault);
    }

    @Test
    void a_lost_reply_of_keeping_a_body_that_nobody_can_read_keeps_it_all_the_same() throws Exception {
        var port = warm().httpPort();
        var fault = proxy.swallowReply(CommandMatch.script("QUARANTINE"), 1);

        postUntilTaken(port, "{\"object\":".getBytes(StandardCharsets.UTF_8));

        assertThat(rig.redis.client().keys("g1:qr:*")).hasSize(1);
        everyTextIsAnsweredOnce(say(), fault);
    }

    private Gateway warm() {
        var gateway = rig.gateway(proxy.redisUri(), ECHO);
        await(rig.say("7000", "warm"));
        rig.awaitCounter("sent", 1);
        return gateway;
    }

    private List<Future<?>> say() {
        var said = new ArrayList<Future<?>>();
        for (var i = 0; i < TEXTS; i++) {
            said.add(rig.say("70" + i % 6, "text " + i));
        }
        return said;
    }

    private void postUntilTaken(int port, byte[] body) throws Exception {
        for (var status = 503; status != 200; ) {
            status = rig.post(port, body, SECRET).statusCode();
            assertThat(status).isIn(200, 503);
        }
    }

    private static byte[] late(String user, String text) {
        var occurred = System.currentTimeMillis() - 60_000;
        return """
            {"object":"page","entry":[{"id":"%s","time":%d,"messaging":[{"sender":{"id":"%s"},"recipient":{"id":"%s"},"timestamp":%d,"message":{"mid":"%s","text":"%s"}}]}]}\
            """.formatted(PAGE, occurred, user, PAGE, occurred, "m_" + text.replace(' ', '_'), text)
                .getBytes(StandardCharsets.UTF_8);
    }

    private void everyTextIsAnsweredOnce(List<Future<?>> said, Fault fault) throws Exception {
        assertThat(fault.awaitStruck(Duration.ofSeconds(45))).isTrue();
        await(Future.all(said));
        rig.awaitTaken(TEXTS);
        rig.awaitIdle("echo.1");
        var texts = rig.taken().stream().filter(text -> !text.equals("warm")).toList();
        assertThat(texts)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, TEXTS).mapToObj(i -> "text " + i).toList());
    }
}
