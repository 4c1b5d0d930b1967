// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.spillway.gateway.messenger.Event;
import dev.spillway.gateway.messenger.Kind;
import dev.spillway.gateway.messenger.Notifications;
import dev.spillway.gateway.worker.Bot;
import dev.spillway.gateway.worker.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every real webhook body, through the real path, to a bot that writes down what it gets. */
final class PayloadsIT {
    private static final Path FOLDER = Path.of(System.getProperty("spillway.payloads", "none"));

    private final Queue<Event> received = new ConcurrentLinkedQueue<>();
    private final PathRig rig = new PathRig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void each_distinct_event_reaches_the_bot_once_however_often_it_is_posted() throws Exception {
        assumeTrue(Files.isDirectory(FOLDER), "skipped: there is no folder of payloads beside this checkout");
        var expected = expected();
        Map<String, Supplier<Bot>> recorder = Map.of("recorder", () -> delivery -> {
            received.add(delivery.event());
            return Verdict.accept();
        });
        var gateway = rig.gatewayWithAllKinds(recorder);

        for (var round = 0; round < 2; round++) {
            for (var body : bodies().values()) {
                assertThat(rig.post(gateway.httpPort(), body, PathRig.SECRET).statusCode())
                        .isEqualTo(200);
            }
            rig.awaitThat(() -> rig.counter("added", "recorder.1:fin") == 0, "all are finished");
        }

        var tests = expected.stream().filter(PayloadsIT::isDashboardTest).count();
        var distinct = expected.stream()
                .filter(event -> !isDashboardTest(event))
                .map(Event::key)
                .collect(Collectors.toSet());
        assertThat(tests).isPositive();
        assertThat(received.stream().filter(event -> !isDashboardTest(event)).map(Event::key))
                .containsExactlyInAnyOrderElementsOf(distinct);
        // A dashboard test is never a copy of another: each post of one is an event of its own.
        assertThat(received.stream().filter(PayloadsIT::isDashboardTest)).hasSize((int) (2 * tests));
        assertThat(received).extracting(Event::kind).containsAll(kinds(expected));
        assertThat(received)
                .allSatisfy(event -> assertThat(event.raw().length()).isPositive());
    }

    private static Set<Kind> kinds(List<Event> events) {
        return events.stream().map(Event::kind).collect(Collectors.toSet());
    }

    private static boolean isDashboardTest(Event event) {
        return event.page().equals("0");
    }

    private static List<Event> expected() throws IOException {
        var notifications = new Notifications();
        return bodies().values().stream()
                .flatMap(body -> switch (notifications.read(PathRig.APP, body, System.currentTimeMillis())) {
                    case Notifications.Reading.Events(var events) -> events.stream();
                    case Notifications.Reading.Unreadable(var reason) ->
                        throw new AssertionError("a real payload cannot be read: " + reason);
                })
                .toList();
    }

    private static Map<String, byte[]> bodies() throws IOException {
        var bodies = new TreeMap<String, byte[]>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (var file :
                    files.filter(file -> file.toString().endsWith(".json")).toList()) {
                bodies.put(String.valueOf(file.getFileName()), Files.readAllBytes(file));
            }
        }
        return bodies;
    }
}
