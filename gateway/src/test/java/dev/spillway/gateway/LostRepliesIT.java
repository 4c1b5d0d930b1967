// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.kit.CommandMatch;
import dev.spillway.gateway.kit.FaultProxy;
import dev.spillway.gateway.sandbox.Call;
import dev.spillway.gateway.stream.Script;
import dev.spillway.gateway.worker.EchoBot;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Redis runs a command, and its reply is lost with the connection: for each command and script of the path, once. Every
 * reply reaches the platform, none twice.
 */
final class LostRepliesIT {
    private static final int TEXTS = 30;

    private final PathRig rig = new PathRig();
    private final FaultProxy proxy = FaultProxy.toRedis(rig.redis.port());

    @AfterEach
    void close() {
        rig.close();
        proxy.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"XADD", "HINCRBY", "XREAD", "HGETALL"})
    void a_lost_reply_of_a_command_loses_and_repeats_nothing(String command) throws Exception {
        loseTheReplyOf(CommandMatch.named(command));
    }

    @ParameterizedTest
    @ValueSource(strings = {"LEASE", "HEARTBEAT", "TAKE", "COMMIT", "BEGIN", "SETTLE", "ECHO", "TRIM"})
    void a_lost_reply_of_a_script_loses_and_repeats_nothing(String script) throws Exception {
        loseTheReplyOf(CommandMatch.script(script));
    }

    private void loseTheReplyOf(CommandMatch match) throws Exception {
        proxy.scripts(sha -> Arrays.stream(Script.values())
                .filter(script -> script.sha().equals(sha))
                .map(script -> script.name().toUpperCase(Locale.ROOT))
                .findFirst()
                .orElse(""));
        rig.gateway(proxy.redisUri(), Map.of("echo", EchoBot::new));
        rig.say("7000", "warm");
        rig.calls(1);

        var fault = proxy.swallowReply(match, 1);
        var said = new ArrayList<Future<?>>();
        for (var i = 0; i < TEXTS; i++) {
            said.add(rig.say("70" + i % 6, "text " + i));
        }
        assertThat(fault.awaitStruck(Duration.ofSeconds(45))).isTrue();
        await(Future.all(said));

        rig.calls(TEXTS + 1);
        assertThat(rig.sandbox.calls())
                .extracting(Call::text)
                .doesNotHaveDuplicates()
                .hasSize(TEXTS + 1);
    }
}
