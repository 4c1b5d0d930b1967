// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.gateway.kit.GatewayProcess;
import dev.spillway.gateway.kit.Ports;
import dev.spillway.gateway.worker.Bot;
import dev.spillway.gateway.worker.EchoBot;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands on subscriptions as their users run them, and killed at each of their steps. */
@Execution(ExecutionMode.CONCURRENT)
final class SubscriptionCommandsIT {
    private static final int KILLED = 137;
    private static final Map<String, Supplier<Bot>> BOTS = Map.of("echo", EchoBot::new, "shop", EchoBot::new);

    private final PathRig rig = new PathRig();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    private String config = "";

    @BeforeEach
    void configure() throws IOException {
        config = Files.writeString(
                        directory.resolve("spillway.yaml"),
                        "spillway: { partitions: 8, redis: { uri: \"" + rig.redis.uri() + "\" } }")
                .toString();
    }

    private static String retaining(String yaml) {
        return yaml.replace("renew-every: 300ms", "renew-every: 300ms, retain: 1h");
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private Gateway gatewayWithEvents() {
        var gateway = rig.gateway(BOTS, SubscriptionCommandsIT::retaining);
        for (var text = 0; text < 20; text++) {
            PathRig.await(rig.say("70" + text % 4, "text " + text));
        }
        rig.awaitIdle("echo.1");
        rig.awaitIdle("shop.1");
        rig.awaitCounter("sent", 40);
        return gateway;
    }

    @Test
    void subscriptions_are_listed_shown_paused_reset_and_removed() throws Exception {
        gatewayWithEvents();

        assertThat(run("list").out().lines().toList())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("echo  ready  generation=1  waiting=0  oldest=-  done=20  dead=0  skipped=0  owners=1");
        var listed = new ObjectMapper().readTree(run("list", "--json").out());
        assertThat(listed.findValuesAsText("name")).containsExactly("echo", "shop");
        assertThat(listed.path(1).path("waiting").asInt(-1)).isZero();
        assertThat(listed.path(1).path("owners").size()).isEqualTo(1);

        assertThat(run("pause", "shop").out()).startsWith("paused: shop");
        assertThat(run("show", "shop").out()).contains("shop  paused").contains("partitions=8");
        assertThat(run("resume", "shop", "--json").out())
                .isEqualToIgnoringNewLines("{\"subscription\":\"shop\",\"done\":\"resumed\",\"generation\":1}");

        assertThat(run("reset", "shop", "--to-start").code()).isEqualTo(2);
        assertThat(run("reset", "shop", "--to-start").err()).contains("--yes");
        assertThat(run("reset", "shop", "--to", "2020-01-01T00:00:00Z", "--yes").out())
                .startsWith("reset: shop, generation 2");
        rig.awaitIdle("shop.2");
        assertThat(rig.counter("shop.2:done")).isEqualTo(20);
        assertThat(rig.counter("sent")).as("replies to replays").isEqualTo(40);

        assertThat(run("remove", "shop").code()).isEqualTo(2);
        var runs = run("remove", "shop", "--yes");
        assertThat(runs.code()).isEqualTo(1);
        assertThat(runs.err()).contains("the bot shop runs in 1 process").contains("--force");
        assertThat(run("remove", "shop", "--yes", "--force").code()).isZero();
        assertThat(run("remove", "shop", "--yes").err()).contains("there is no subscription shop");
        assertThat(run("show", "nobody").code()).isEqualTo(1);
    }

    @Test
    void troubles_are_told_in_a_sentence() throws Exception {
        var nothing = run("list");
        assertThat(nothing.code()).isEqualTo(1);
        assertThat(nothing.err()).contains("there is no data of Spillway");

        rig.redis.client().hset("g1:meta", Map.of("version", "1", "partitions", "64"));
        assertThat(run("list").err()).contains("spillway.partitions: 8 (expected: 64");

        Files.writeString(Path.of(config), "spillway: { redis: { uri: \"redis://user:hidden@127.0.0.1:1\" } }");
        var away = run("list");
        assertThat(away.code()).isEqualTo(1);
        assertThat(away.err())
                .contains("redis://***@127.0.0.1:1 does not answer")
                .doesNotContain("hidden");
    }

    @ParameterizedTest(name = "{0}, passage {1}")
    @CsvSource({
        "register.step,1",
        "group.made,1",
        "group.made,5",
        "register.step,2",
        "group.dropped,1",
        "group.dropped,5",
        "group.dropped,8"
    })
    void a_reset_that_is_killed_is_finished_by_repeating_it(String point, int passage) throws Exception {
        gatewayWithEvents();
        String[] reset = {"reset", "shop", "--to-start", "--yes"};

        assertThat(killed(point, passage, reset)).isEqualTo(KILLED);
        PathRig.await(rig.say("7000", "meanwhile"));
        rig.awaitIdle("echo.1");
        assertThat(run(reset).out()).startsWith("reset: shop, generation 2");

        rig.awaitIdle("shop.2");
        rig.awaitCounter("sent", 42);
        assertThat(rig.counter("shop.2:done")).isEqualTo(21);
        assertThat(rig.taken()).hasSize(42);
        assertThat(rig.redis.client().keys("*shop.1*")).hasSize(8).allMatch(key -> key.startsWith("g1:own:"));
        assertThat(rig.redis.client().hget("g1:subs", "shop")).contains("\"state\":\"ready\"", "\"older\":0");
    }

    @ParameterizedTest
    @CsvSource({"1", "5", "8"})
    void a_removal_that_is_killed_is_finished_by_repeating_it(int passage) throws Exception {
        gatewayWithEvents();

        assertThat(killed("group.dropped", passage, "remove", "shop", "--yes", "--force"))
                .isEqualTo(KILLED);
        assertThat(run("list").out()).contains("shop  removing");
        assertThat(run("remove", "shop", "--yes").code()).isZero();

        assertThat(run("list").out()).doesNotContain("shop");
        rig.awaitThat(
                () -> rig.redis.client().keys("*shop.1*").stream().allMatch(key -> key.startsWith("g1:own:")),
                "nothing is left but closed leases");
    }

    @ParameterizedTest
    @CsvSource({"reset --to-start --yes", "remove --yes --force"})
    void what_a_killed_command_began_is_finished_by_who_starts_next(String command) throws Exception {
        var gateway = gatewayWithEvents();
        var words = new ArrayList<>(List.of(command.split(" ")));
        words.add(1, "shop");
        var point = command.startsWith("reset") ? "group.made" : "group.dropped";
        assertThat(killed(point, 4, words.toArray(String[]::new))).isEqualTo(KILLED);

        rig.stop(gateway);
        rig.gateway(BOTS, SubscriptionCommandsIT::retaining);

        PathRig.await(rig.say("7000", "after"));
        rig.awaitIdle("shop.2");
        assertThat(rig.redis.client().keys("*shop.1*")).allMatch(key -> key.startsWith("g1:own:"));
        rig.awaitCounter("sent", 42);
        rig.awaitIdle("echo.1");
    }

    @ParameterizedTest
    @CsvSource({"register.step,1", "group.made,3", "group.made,8"})
    void a_gateway_killed_while_it_makes_its_subscriptions_is_followed_by_one_that_finishes(String point, int passage)
            throws Exception {
        var httpPort = Ports.toKeep();
        var opsPort = Ports.toKeep();
        var file = rig.file(rig.yaml(rig.redis.uri(), httpPort, opsPort, "{ echo: { kind: built-in } }", ""));
        try (var doomed = GatewayProcess.main(Main.class, "run", "--config", file.toString())
                .named("subscribing")
                .crashingAt(point, passage)
                .start()) {
            assertThat(doomed.awaitExit(PathRig.PATIENCE)).isEqualTo(KILLED);
        }
        try (var heir = GatewayProcess.main(Main.class, "run", "--config", file.toString())
                .named("subscribed")
                .start()) {
            heir.awaitReady(URI.create("http://127.0.0.1:" + opsPort + "/readyz"), PathRig.PATIENCE);
            rig.sandbox.webhook(PathRig.APP, PathRig.webhookUrl(httpPort));
            PathRig.await(rig.say("7000", "hello"));
            rig.awaitCounter("sent", 1);
        }
        assertThat(rig.taken()).containsExactly("hello");
    }

    private int killed(String point, int passage, String... words) throws Exception {
        try (var doomed = GatewayProcess.main(Main.class, command(words))
                .named("command-" + point + "-" + passage)
                .crashingAt(point, passage)
                .start()) {
            return doomed.awaitExit(PathRig.PATIENCE);
        }
    }

    private String[] command(String... words) {
        var all = new ArrayList<>(List.of("subscription", words[0], "--config", config));
        all.addAll(List.of(words).subList(1, words.length));
        return all.toArray(String[]::new);
    }

    private record Ended(int code, String out, String err) {}

    private Ended run(String... words) throws IOException, InterruptedException {
        var out = directory.resolve("out");
        var err = directory.resolve("err");
        var line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        line.addAll(List.of(command(words)));
        var process = new ProcessBuilder(line)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
