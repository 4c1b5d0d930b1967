// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.kit.GatewayProcess;
import dev.spillway.gateway.kit.Ports;
import dev.spillway.gateway.sandbox.Call;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Kills the real process at each named point, twice over, and starts it again on the same Redis: every reply arrives,
 * each once, and in order. Only where the send was on the wire may one be in doubt; the echo settles that.
 */
@Execution(ExecutionMode.CONCURRENT)
final class CrashPointsIT {
    private static final int TEXTS = 24;
    private static final int USERS = 6;
    private static final int KILLED = 137;
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
        "trim.before,1", "trim.before,5",
    })
    void a_process_killed_there_loses_nothing_and_repeats_nothing(String point, int passage) throws Exception {
        var config = config();
        var said = new ArrayList<Future<?>>();

        try (var doomed = doomed(config, point, passage)) {
            said.addAll(sayAll());
            assertThat(doomed.awaitExit(PathRig.PATIENCE)).isEqualTo(KILLED);
        }
        finishWithAnHeir(config, said);

        assertEachOnceAndInOrder(ON_THE_WIRE.contains(point));
    }

    @ParameterizedTest(name = "{0}, passage {1}")
    @CsvSource({"release.before,1", "release.before,5", "release.after,1", "release.after,5"})
    void a_process_killed_while_it_gives_its_partitions_back_loses_nothing(String point, int passage) throws Exception {
        var config = config();

        try (var doomed = doomed(config, point, passage)) {
            await(Future.all(sayAll()));
            doomed.terminate();
            assertThat(doomed.awaitExit(PathRig.PATIENCE)).isEqualTo(KILLED);
        }
        finishWithAnHeir(config, List.of());

        assertEachOnceAndInOrder(true);
    }

    @ParameterizedTest(name = "{0}, passage {1}")
    @CsvSource({"dead.after,1", "dead.after,2"})
    void a_process_killed_while_an_event_becomes_a_dead_letter_keeps_it_once(String point, int passage)
            throws Exception {
        var config = config();
        var said = new ArrayList<Future<?>>();

        try (var doomed = doomed(config, point, passage)) {
            // The same text back would be longer than the platform takes: the bot's answer is refused, every time.
            said.add(rig.say("7900", "x".repeat(2100)));
            said.add(rig.say("7901", "x".repeat(2100)));
            said.addAll(sayAll());
            assertThat(doomed.awaitExit(PathRig.PATIENCE)).isEqualTo(KILLED);
        }
        finishWithAnHeir(config, said);

        assertEachOnceAndInOrder(true);
        assertThat(rig.deadLetters()).hasSize(2);
        assertThat(rig.counter("echo.1:dead")).isEqualTo(2);
    }

    private record Config(Path file, URI ready) {}

    private Config config() throws IOException {
        var httpPort = Ports.toKeep();
        var opsPort = Ports.toKeep();
        var yaml = rig.yaml(rig.redis.uri(), httpPort, opsPort, "{ echo: { kind: built-in } }", "");
        // Long enough for the echo of a send on the wire, which waits until the heir takes webhooks.
        var file = rig.file(yaml.replace("doubt-wait: 3s", "doubt-wait: 20s"));
        rig.sandbox.webhook(PathRig.APP, PathRig.webhookUrl(httpPort));
        return new Config(file, URI.create("http://127.0.0.1:" + opsPort + "/readyz"));
    }

    private static GatewayProcess doomed(Config config, String point, int passage) {
        return process(config, "crash-" + point + "-" + passage)
                .crashingAt(point, passage)
                .start()
                .awaitReady(config.ready(), PathRig.PATIENCE);
    }

    private static GatewayProcess.Launch process(Config config, String name) {
        return GatewayProcess.gateway(config.file()).named(name).flag("-XX:TieredStopAtLevel=1");
    }

    private List<Future<?>> sayAll() {
        var said = new ArrayList<Future<?>>();
        for (var i = 0; i < TEXTS; i++) {
            said.add(rig.say("70" + i % USERS, "text " + i));
        }
        return said;
    }

    private void finishWithAnHeir(Config config, List<Future<?>> said) throws InterruptedException {
        try (var heir = process(config, "heir").start()) {
            heir.awaitReady(config.ready(), PathRig.PATIENCE);
            await(Future.all(said));
            awaitAllTexts();
            rig.awaitCounter("sent", TEXTS);
            rig.awaitIdle("echo.1");
            heir.terminate();
            assertThat(heir.awaitExit(PathRig.PATIENCE)).isZero();
        }
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
}
