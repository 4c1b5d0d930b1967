// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.PAGE;
import static dev.spillway.gateway.PathRig.await;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.spillway.gateway.sandbox.Delivered;
import dev.spillway.gateway.stream.Partitions;
import dev.spillway.gateway.worker.Bot;
import dev.spillway.gateway.worker.EchoBot;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/**
 * Somebody deletes keys under running gateways: it is told, no group comes back by itself and jumps over events, and what
 * was written afterwards is answered once it is repaired.
 */
@Execution(ExecutionMode.CONCURRENT)
final class OperatorErrorsIT {
    private static final Map<String, Supplier<Bot>> ECHO = Map.of("echo", EchoBot::new);
    private static final int PARTITIONS = 8;
    private static final int USERS = 24;
    private static final String GROUP = "echo.1";

    private final PathRig rig = new PathRig();
    private final List<Future<Delivered>> said = new ArrayList<>();
    private final ListAppender<ILoggingEvent> heard = new ListAppender<>();
    private final Logger log = (Logger) LoggerFactory.getLogger("dev.spillway.gateway");

    @BeforeEach
    void listen() {
        heard.start();
        log.addAppender(heard);
    }

    @AfterEach
    void close() {
        log.detachAppender(heard);
        rig.close();
    }

    private static String user(int text) {
        return "70" + text % USERS;
    }

    private static int partitionOf(String user) {
        return new Partitions(PARTITIONS).of(PAGE + ":" + user);
    }

    private void write(int texts) {
        for (var i = 0; i < texts; i++) {
            said.add(rig.say(user(said.size()), "text " + said.size()));
        }
        await(Future.all(said));
        assertThat(said).allMatch(one -> one.result().accepted());
    }

    private void awaitTold(String words, int partition) {
        rig.awaitThat(
                () -> List.copyOf(heard.list).stream()
                        .filter(event -> event.getFormattedMessage().contains(words))
                        .flatMap(event -> event.getKeyValuePairs().stream())
                        .anyMatch(pair -> pair.key.equals("partition") && pair.value.equals(partition)),
                "it is told: " + words);
    }

    private List<Object> groups(String stream) {
        return rig.redis.client().exists(stream) == 0
                ? List.of()
                : rig.redis.client().xinfoGroups(stream);
    }

    @Test
    void a_flush_of_all_keys_is_told_by_readiness_and_what_came_afterwards_is_answered_after_a_restart()
            throws Exception {
        var gateway = rig.gateway(ECHO, yaml -> yaml);
        var ready = "http://127.0.0.1:" + gateway.opsPort() + "/readyz";
        write(2 * USERS);
        rig.awaitTaken(said.size());
        rig.awaitIdle(GROUP);

        rig.redis.flush();
        var began = System.nanoTime();
        write(USERS);
        rig.awaitThat(() -> status(ready) == 503, "not ready");
        System.out.printf("F18: FLUSHALL told after %d ms%n", (System.nanoTime() - began) / 1_000_000);
        assertThat(rig.get(ready).body()).contains("g1:meta");
        write(USERS);
        for (var partition = 0; partition < PARTITIONS; partition++) {
            assertThat(groups("g1:in:{p" + partition + "}"))
                    .as("groups made anew")
                    .isEmpty();
        }
        assertThat(rig.taken()).hasSize(2 * USERS);

        rig.stop(gateway);
        var again = rig.gateway(ECHO, yaml -> yaml);
        rig.awaitTaken(said.size());
        rig.awaitIdle(GROUP);
        rig.assertTakenOnceAndInOrder(said.size());
        assertThat(status("http://127.0.0.1:" + again.opsPort() + "/readyz")).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"DEL, 0", "XGROUP DESTROY, 1"})
    void a_deleted_stream_or_group_stops_its_partition_alone_until_it_is_made_anew_by_hand(
            String command, int partition) throws Exception {
        var gateway = rig.gateway(ECHO, yaml -> yaml);
        write(2 * USERS);
        rig.awaitTaken(said.size());
        rig.awaitIdle(GROUP);
        var stream = "g1:in:{p" + partition + "}";

        var redis = rig.redis.client();
        if (command.equals("DEL")) {
            redis.del(stream);
        } else {
            redis.xgroupDestroy(stream, GROUP);
        }
        awaitTold("A stream or group was deleted by hand", partition);
        write(2 * USERS);
        var beside = texts(false, partition);
        rig.awaitThat(() -> rig.taken().containsAll(beside), "the other partitions go on");
        rig.awaitThat(() -> waiting(gateway) >= 2, "the gauge of what waits shows it");
        assertThat(groups(stream)).isEmpty();

        rig.stop(gateway);
        var again = rig.gateway(ECHO, yaml -> yaml);
        write(USERS);
        var besideToo = texts(false, partition);
        rig.awaitThat(() -> rig.taken().containsAll(besideToo), "the other partitions go on");
        assertThat(groups(stream)).as("made anew by a restart").isEmpty();
        var behind = texts(true, partition).stream()
                .filter(text -> !rig.taken().contains(text))
                .toList();
        System.out.printf("F18: %s: %d texts wait in partition %d%n", command, behind.size(), partition);
        assertThat(behind).isNotEmpty();

        redis.xgroupCreate(StreamOffset.from(stream, "0"), GROUP);
        rig.stop(again);
        rig.gateway(ECHO, yaml -> yaml);
        rig.awaitTaken(said.size());
        rig.awaitIdle(GROUP);
        rig.assertTakenOnceAndInOrder(said.size());
    }

    private List<String> texts(boolean inside, int partition) {
        var texts = new ArrayList<String>();
        for (var text = 0; text < said.size(); text++) {
            if (inside == (partitionOf(user(text)) == partition)) {
                texts.add("text " + text);
            }
        }
        return texts;
    }

    private double waiting(Gateway gateway) {
        try {
            return rig.get("http://127.0.0.1:" + gateway.opsPort() + "/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith("spillway_stream_waiting_events{subscription=\"echo\"}"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }

    private int status(String url) {
        try {
            return rig.get(url).statusCode();
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }
}
