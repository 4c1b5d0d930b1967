// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.gateway.cli.SubscriptionDesk;
import dev.spillway.gateway.config.Loaded;
import dev.spillway.gateway.config.Settings;
import dev.spillway.gateway.worker.EchoBot;
import io.lettuce.core.Consumer;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs.StreamOffset;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of docs/examples as their users run them, beside a live gateway with a bot of its own. */
final class ExternalReadersIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int USERS = 12;
    private static final int TEXTS = 120;
    private static final String GROUP = "shop.2";

    private final PathRig rig = new PathRig();
    private final List<Process> readers = new ArrayList<>();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @BeforeEach
    void start() {
        // An entry a node: what may be trimmed is, to the last entry.
        rig.redis.configSet("stream-node-max-entries", "1");
        rig.gateway(Map.of("echo", EchoBot::new));
        addSubscription();
    }

    @AfterEach
    void close() {
        readers.forEach(Process::destroyForcibly);
        rig.close();
    }

    /** A text that a reader was given. */
    private record Read(String id, String kind, String user, String text) {
        static Read parse(String line) {
            try {
                var all = JSON.readTree(line);
                return new Read(
                        all.path(0).asText(),
                        all.path(1).asText(),
                        all.path(2).asText(),
                        all.path(3).asText());
            } catch (JsonProcessingException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reader.py", "reader.mjs"})
    void a_reader_gets_every_text_once_and_in_order_and_acknowledges_them(String example) throws Exception {
        var out = folder.resolve("out");
        start(example, out);

        say(0, TEXTS);

        rig.awaitThat(() -> reads(out).size() >= TEXTS, "all texts are read");
        assertInOrder(reads(out));
        // With the platform's echo of each reply, after which nothing comes any more.
        rig.awaitCounter("added", 2 * TEXTS);
        rig.awaitIdle(GROUP);
        assertThat(pending()).isZero();
        assertThat(rig.counter(GROUP + ":done")).isBetween((long) TEXTS, rig.counter(GROUP + ":fin"));
        // The bot beside it did not notice.
        rig.awaitTaken(TEXTS);
        rig.assertTakenOnceAndInOrder(TEXTS);
        awaitTrimmed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"reader.py", "reader.mjs"})
    void what_a_killed_reader_had_in_hand_is_read_by_the_next_and_nothing_is_lost(String example) throws Exception {
        var first = folder.resolve("first");
        var second = folder.resolve("second");
        var killed = start(example, first);
        say(0, TEXTS / 2);
        rig.awaitThat(() -> reads(first).size() >= TEXTS / 4, "some are read");
        killed.destroyForcibly().waitFor();
        say(TEXTS / 2, TEXTS);
        rig.awaitIdle("echo.1");
        // As if it had been killed just before it could handle what it was given.
        var taken = takeSome();
        assertThat(taken).isPositive();

        start(example, second);

        rig.awaitThat(
                () -> reads(second).stream().anyMatch(read -> read.text().equals("text " + (TEXTS - 1))), "the end");
        rig.awaitThat(() -> waiting() == 0 && pending() == 0, "all are acknowledged");
        var all = new HashSet<String>();
        reads(first).forEach(read -> all.add(read.text()));
        reads(second).forEach(read -> all.add(read.text()));
        assertThat(all).hasSize(TEXTS);
        assertInOrder(reads(first));
        assertInOrder(reads(second));
    }

    @Test
    void nothing_is_trimmed_before_a_reader_that_is_away_has_acknowledged_it() throws Exception {
        say(0, TEXTS);
        rig.awaitCounter("added", 2 * TEXTS);
        rig.awaitIdle("echo.1");
        rig.awaitTaken(TEXTS);

        var trims = rig.redis.calls("xtrim");
        rig.awaitThat(() -> rig.redis.calls("xtrim") >= trims + 16, "two rounds of trimming");
        assertThat(stored()).isEqualTo(rig.counter("added"));

        takeAndAcknowledgeAll();
        awaitTrimmed();
    }

    private void addSubscription() {
        // One that was before: the group's name is not guessed, but read.
        try (var desk = desk()) {
            assertThat(desk.add("shop", Settings.Start.NOW, Settings.OnFull.REFUSE))
                    .isEqualTo(1);
            assertThat(desk.reset("shop", Optional.empty(), false)).isEqualTo(2);
            assertThat(desk.add("shop", Settings.Start.NOW, Settings.OnFull.REFUSE))
                    .isEqualTo(2);
            assertThat(desk.list()).anySatisfy(status -> {
                assertThat(status.name()).isEqualTo("shop");
                assertThat(status.state()).isEqualTo("ready");
                assertThat(status.owners()).isEmpty();
            });
        }
    }

    private SubscriptionDesk desk() {
        var yaml = "spillway: { partitions: 8, redis: { uri: \"" + rig.redis.uri() + "\" } }";
        return switch (Settings.parse(yaml, Set.of())) {
            case Loaded.Ready(var settings) -> RedisDesk.open(settings);
            case Loaded.Refused(var problems) -> throw new IllegalStateException(problems.toString());
        };
    }

    private Process start(String example, Path out) throws IOException, InterruptedException {
        var runtime = example.endsWith(".py") ? "python3" : "node";
        if (!runs(runtime)) {
            System.out.println("skipped: no " + runtime + " on this machine to run " + example);
            abort("no " + runtime);
        }
        var reader = new ProcessBuilder(
                        runtime,
                        Path.of("..", "docs", "examples", example).toString(),
                        "127.0.0.1",
                        String.valueOf(rig.redis.port()),
                        "shop")
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        readers.add(reader);
        return reader;
    }

    private static boolean runs(String runtime) throws InterruptedException {
        try {
            var version = new ProcessBuilder(runtime, "--version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return version.waitFor(20, TimeUnit.SECONDS) && version.exitValue() == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    private void say(int from, int to) {
        for (var text = from; text < to; text++) {
            PathRig.await(rig.say("70" + text % USERS, "text " + text));
        }
    }

    // Whole lines only: the last may still be on its way.
    private static List<Read> reads(Path out) {
        try {
            var text = Files.exists(out) ? Files.readString(out) : "";
            return text.substring(0, text.lastIndexOf('\n') + 1)
                    .lines()
                    .map(Read::parse)
                    // The platform tells of the bot's replies too.
                    .filter(read -> read.kind().equals("message"))
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void assertInOrder(List<Read> reads) {
        assertThat(reads).extracting(Read::id).doesNotHaveDuplicates();
        var last = new HashMap<String, Integer>();
        for (var read : reads) {
            var number = Integer.parseInt(read.text().substring("text ".length()));
            assertThat(last.getOrDefault(read.user(), -1)).isLessThan(number);
            last.put(read.user(), number);
        }
    }

    private List<String> streams() {
        return rig.redis.client().keys("g1:in:*");
    }

    private long stored() {
        return streams().stream().mapToLong(rig.redis.client()::xlen).sum();
    }

    private long pending() {
        return streams().stream()
                .mapToLong(stream -> rig.redis.client().xpending(stream, GROUP).getCount())
                .sum();
    }

    private long waiting() {
        return rig.counter("added", GROUP + ":base", GROUP + ":fin");
    }

    // The last entry of each stays: it says where the groups are.
    private void awaitTrimmed() {
        rig.awaitThat(() -> stored() <= streams().size(), "all is trimmed");
    }

    private long takeSome() {
        return streams().stream().mapToLong(stream -> take(stream).size()).sum();
    }

    private void takeAndAcknowledgeAll() {
        for (var stream : streams()) {
            take(stream).forEach(entry -> rig.redis.client().xack(stream, GROUP, entry.getId()));
        }
    }

    @SuppressWarnings("unchecked") // the array that Lettuce's varargs make
    private List<StreamMessage<String, String>> take(String stream) {
        return rig.redis.client().xreadgroup(Consumer.from(GROUP, GROUP), StreamOffset.lastConsumed(stream));
    }
}
