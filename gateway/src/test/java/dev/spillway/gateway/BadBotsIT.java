// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.kit.GatewayProcess;
import dev.spillway.gateway.kit.Ports;
import dev.spillway.gateway.sandbox.Call;
import dev.spillway.gateway.sandbox.Delivered;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A bot that throws, overflows, asks for all memory, blocks, or computes for ever: it costs the conversation it does so in,
 * and nobody else's. In processes of their own, since what computes for ever here cannot be stopped.
 */
@Isolated // They keep the processors to themselves.
final class BadBotsIT {
    private static final int USERS = 40;
    private static final int TEXTS = 200;
    private static final int POISON_EVERY = 50;
    private static final int ATTEMPTS = 5;
    private static final List<String> POISONS =
            List.of(PoisonedGateway.THROW, PoisonedGateway.LOOP, PoisonedGateway.HEAP, PoisonedGateway.DEEP);
    private static final Map<String, String> REASONS = Map.of(
            PoisonedGateway.THROW, "bot-failed: IllegalStateException",
            PoisonedGateway.LOOP, "bot-failed: TimeoutException",
            PoisonedGateway.HEAP, "bot-failed: OutOfMemoryError",
            PoisonedGateway.DEEP, "bot-failed: StackOverflowError");
    private static final Duration BLOCKED = Duration.ofSeconds(5);

    private final PathRig rig = new PathRig();
    private final List<GatewayProcess> processes = new ArrayList<>();
    private final List<Future<Delivered>> said = new ArrayList<>();
    private int opsPort;

    @AfterEach
    void close() {
        processes.forEach(GatewayProcess::close);
        rig.close();
    }

    private void start(Path awaited, UnaryOperator<String> edit, String... properties) throws IOException {
        var httpPort = Ports.toKeep();
        opsPort = Ports.toKeep();
        var yaml = rig.yaml(rig.redis.uri(), httpPort, opsPort, "{ echo: { kind: built-in } }", PathRig.UNLIMITED);
        var config = rig.file(edit.apply(yaml));
        rig.sandbox.webhook(PathRig.APP, PathRig.webhookUrl(httpPort));
        var launch = GatewayProcess.main(PoisonedGateway.class, config.toString(), awaited.toString())
                .named("bad-bot")
                .flag("-XX:TieredStopAtLevel=1");
        Stream.of(properties).forEach(launch::flag);
        var process = launch.start();
        processes.add(process);
        process.awaitReady(URI.create("http://127.0.0.1:" + opsPort + "/readyz"), PathRig.PATIENCE);
    }

    private static boolean isPoison(int text) {
        return text % POISON_EVERY == POISON_EVERY / 2;
    }

    private static String text(int number) {
        return (isPoison(number) ? POISONS.get(number / POISON_EVERY) : "text") + " " + number;
    }

    @Test
    void one_event_in_fifty_that_its_bot_cannot_do_becomes_a_dead_letter_and_it_alone() throws Exception {
        // Fewer threads to carry virtual ones than there will be runs that keep one.
        start(
                Path.of(""),
                yaml -> yaml.replace("attempts-max: 2, time-limit: 3s", "attempts-max: 5, time-limit: 1s"),
                "-Djdk.virtualThreadScheduler.parallelism=2");
        for (var text = 0; text < TEXTS; text++) {
            said.add(rig.say("70" + text % USERS, text(text)));
            Thread.sleep(5);
        }
        await(Future.all(said));
        rig.awaitCounter("sent", TEXTS - POISONS.size());
        rig.awaitCounter("echo.1:dead", POISONS.size());
        rig.awaitIdle("echo.1");

        var reasons = rig.deadLetters().stream()
                .map(letter -> letter.get("reason") + " " + letter.get("attempts"))
                .toList();
        System.out.printf(
                "F21: %d texts, dead letters: %s; %s runs that do not end, event loop late by %s s at most%n",
                TEXTS, reasons, metric("spillway_worker_overdue"), metric("spillway_ops_loop_lag_seconds"));
        assertThat(reasons)
                .containsExactlyInAnyOrderElementsOf(POISONS.stream()
                        .map(poison -> REASONS.get(poison) + " " + ATTEMPTS)
                        .toList());
        // On a busy machine others may have been late too; they end.
        rig.awaitThat(() -> metric("spillway_worker_overdue") == ATTEMPTS, "only what loops has not ended");
        for (var user = 0; user < USERS; user++) {
            var expected = IntStream.iterate(user, number -> number < TEXTS, number -> number + USERS)
                    .filter(number -> !isPoison(number))
                    .mapToObj(BadBotsIT::text)
                    .toList();
            assertThat(answersTo("70" + user)).containsExactlyElementsOf(expected);
        }
    }

    @Test
    void bots_that_block_or_keep_every_processor_hold_up_their_own_conversations_only() throws Exception {
        var awaited = Path.of("target", "configurations", "go-on-" + rig.redis.port());
        Files.createDirectories(awaited.getParent());
        start(awaited, yaml -> yaml.replace("time-limit: 3s", "time-limit: 60s"));
        var blocking =
                new ArrayList<>(Collections.nCopies(Runtime.getRuntime().availableProcessors(), PoisonedGateway.SPIN));
        blocking.add(PoisonedGateway.BLOCK);
        for (var i = 0; i < blocking.size(); i++) {
            said.add(rig.say("80" + i, blocking.get(i) + " " + i));
            said.add(rig.say("80" + i, "after " + i));
        }
        var began = System.nanoTime();
        var others = 0;
        // As many as come in that time; each must be answered while these go on.
        while (System.nanoTime() - began < BLOCKED.toNanos()) {
            said.add(rig.say("70" + others % USERS, "text " + others++));
            Thread.sleep(20);
        }
        rig.awaitTaken(others);
        var late = metric("spillway_ops_loop_lag_seconds");
        assertThat(rig.taken()).hasSize(others).allMatch(text -> text.startsWith("text "));
        Files.createFile(awaited);

        try {
            await(Future.all(said));
            rig.awaitTaken(said.size());
            rig.awaitIdle("echo.1");
        } finally {
            Files.delete(awaited);
        }
        System.out.printf(
                "F35: %d blocked for %d ms, %d texts of others answered meanwhile, event loop late by %s s at most%n",
                blocking.size(), (System.nanoTime() - began) / 1_000_000, others, late);
        for (var i = 0; i < blocking.size(); i++) {
            assertThat(answersTo("80" + i)).containsExactly(blocking.get(i) + " " + i, "after " + i);
        }
        assertThat(rig.taken()).doesNotHaveDuplicates().hasSize(said.size());
        assertThat(rig.deadLetters()).isEmpty();
        assertThat(late).as("the event loop's own").isLessThan((double) BLOCKED.toSeconds());
    }

    private List<String> answersTo(String user) {
        return rig.sandbox.calls().stream()
                .filter(call -> call.taken() && call.recipient().equals(user))
                .map(Call::text)
                .map(String::valueOf)
                .toList();
    }

    /** The greatest of all its tags. */
    private double metric(String name) {
        try {
            return rig.get("http://127.0.0.1:" + opsPort + "/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .max()
                    .orElseThrow();
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }
}
