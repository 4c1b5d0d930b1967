// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.kit.GatewayProcess;
import dev.spillway.gateway.sandbox.Call;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Kills the real process at each named point, twice over, and starts it again on the same Redis: every reply arrives,
 * each once, and in order. Only where the send was on the wire may one be in doubt; the echo settles that.
 */
final class CrashPointsIT {
    private static final int TEXTS = 24;
    private static final int USERS = 6;
    private static final Set<String> ON_THE_WIRE = Set.of("send.after", "answer.after", "settle.before");

    private final PathRig rig = new PathRig();

    @AfterEach
    void close() {
        rig.close();
    }

    @ParameterizedTest(name = "{0}, passage {1}")
    @CsvSource({
        "append.before,1", "append.before,9",
        "append.part,1", "append.part,9",
        "append.after,1", "append.after,9",
        "take.after,1", "take.after,5",
        "commit.before,1", "commit.before,5",
        "commit.after,1", "commit.after,5",
        "replies.taken,1", "replies.taken,5",
        "begin.after,1", "begin.after,5",
        "send.after,1", "send.after,5",
        "answer.after,1", "answer.after,5",
        "settle.before,1", "settle.before,5",
        "settle.after,1", "settle.after,5",
    })
    void a_process_killed_there_loses_nothing_and_repeats_nothing(String point, int passage) throws Exception {
        var httpPort = freePort();
        var opsPort = freePort();
        var yaml = rig.yaml(rig.redis.uri(), httpPort, opsPort, "{ echo: { kind: built-in } }", "");
        // Long enough for the echo of a send on the wire, which waits until the heir takes webhooks.
        var config = rig.file(yaml.replace("doubt-wait: 3s", "doubt-wait: 20s"));
        var ready = URI.create("http://127.0.0.1:" + opsPort + "/readyz");
        rig.sandbox.webhook(PathRig.APP, PathRig.webhookUrl(httpPort));
        var said = new ArrayList<Future<?>>();

        try (var doomed = GatewayProcess.gateway(config)
                .named("crash-" + point + "-" + passage)
                .crashingAt(point, passage)
                .start()) {
            doomed.awaitReady(ready, PathRig.PATIENCE);
            for (var i = 0; i < TEXTS; i++) {
                said.add(rig.say("70" + i % USERS, "text " + i));
            }
            assertThat(doomed.awaitExit(PathRig.PATIENCE)).isEqualTo(137);
        }
        try (var heir = GatewayProcess.gateway(config)
                .named("heir-" + point + "-" + passage)
                .start()) {
            heir.awaitReady(ready, PathRig.PATIENCE);
            await(Future.all(said));
            awaitAllTexts();
            heir.terminate();
            assertThat(heir.awaitExit(PathRig.PATIENCE)).isZero();
        }

        assertEachOnceAndInOrder(ON_THE_WIRE.contains(point));
    }

    private void awaitAllTexts() throws InterruptedException {
        var deadline = System.nanoTime() + PathRig.PATIENCE.toNanos();
        while (sends().size() < TEXTS && System.nanoTime() < deadline) {
            Thread.sleep(20);
        }
        assertThat(sends()).hasSize(TEXTS);
    }

    private Map<String, Integer> sends() {
        return rig.sandbox.calls().stream()
                .collect(Collectors.toMap(call -> String.valueOf(call.text()), call -> 1, Integer::sum, TreeMap::new));
    }

    private void assertEachOnceAndInOrder(boolean onTheWire) {
        var repeated = sends().values().stream().mapToInt(count -> count - 1).sum();
        // The sandbox shows an echo of what it took, so that even a send on the wire is settled without a second one.
        assertThat(repeated).as("replies sent again").isZero();
        assertThat(rig.counter("sent")).isEqualTo(TEXTS);
        if (!onTheWire) {
            assertThat(rig.counter("refused")).isZero();
        }
        for (var user = 0; user < USERS; user++) {
            var expected = new ArrayList<String>();
            for (var i = user; i < TEXTS; i += USERS) {
                expected.add("text " + i);
            }
            var recipient = "70" + user;
            List<String> sent = rig.sandbox.calls().stream()
                    .filter(call -> call.recipient().equals(recipient))
                    .map(Call::text)
                    .toList();
            assertThat(sent).containsExactlyElementsOf(expected);
        }
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
