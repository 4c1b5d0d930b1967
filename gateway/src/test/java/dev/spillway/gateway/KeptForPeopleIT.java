// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spillway.gateway.worker.Bot;
import dev.spillway.gateway.worker.EchoBot;
import dev.spillway.gateway.worker.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept for people can be looked at and taken out by the commands, as their users run them. */
final class KeptForPeopleIT {
    private static final byte[] ODD = "{\"tru\u001b[31mncated".getBytes(StandardCharsets.UTF_8);

    private final PathRig rig = new PathRig();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void bodies_in_quarantine_are_listed_shown_and_purged() throws Exception {
        var gateway = rig.gateway(Map.of("echo", EchoBot::new));
        for (var body : List.of(
                ODD, "[".repeat(1_000).getBytes(StandardCharsets.UTF_8), "42".getBytes(StandardCharsets.UTF_8))) {
            assertThat(rig.post(gateway.httpPort(), body, PathRig.SECRET).statusCode())
                    .isEqualTo(200);
        }
        var config = config(rig.redis.uri());

        assertThat(run("quarantine", "list", "--config", config).out().lines().toList())
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).contains("app=demo", "reason=", " bytes"));
        var listed = json(run("quarantine", "list", "--config", config, "--json"));
        assertThat(listed.findValuesAsText("reason"))
                .containsExactlyInAnyOrder("NOT_JSON", "TOO_DEEP", "UNKNOWN_SHAPE");
        var id = id(listed, "NOT_JSON");

        assertThat(run("quarantine", "show", "--config", config, id).out())
                .contains("{\"tru\\x1b[31mncated")
                .doesNotContain("\u001b");
        assertThat(run("quarantine", "show", "--config", config, id, "--raw").bytes())
                .isEqualTo(ODD);
        assertThat(Base64.getDecoder()
                        .decode(json(run("quarantine", "show", "--config", config, id, "--json"))
                                .path("bodyBase64")
                                .asText()))
                .isEqualTo(ODD);

        assertThat(run("quarantine", "purge", "--config", config).code()).isEqualTo(2);
        assertThat(run("quarantine", "purge", "--config", config, id).code()).isZero();
        assertThat(run("quarantine", "purge", "--config", config, id).code()).isEqualTo(1);
        var missing = run("quarantine", "show", "--config", config, id);
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.err().strip()).isEqualTo("spillway: there is no " + id + ": list says which there are");
        assertThat(json(run("quarantine", "purge", "--config", config, "--yes", "--json"))
                        .path("purged")
                        .asInt())
                .isEqualTo(2);
        assertThat(json(run("quarantine", "list", "--config", config, "--json")))
                .isEmpty();
        assertThat(rig.counter("qr-bytes")).isZero();
        assertThat(rig.counter("quarantined")).isEqualTo(3);
    }

    @Test
    void dead_letters_are_listed_and_shown() throws Exception {
        rig.gateway(Map.of("never", () -> delivery -> new Verdict.Reject("never")));
        rig.say("7001", "hello");
        rig.awaitCounter("never.1:dead", 1);
        var config = config(rig.redis.uri());

        var listed = json(run("dead-letters", "list", "--config", config, "--json"));

        assertThat(listed).hasSize(1);
        assertThat(listed.path(0).path("of").asText()).isEqualTo("never.1");
        var shown = run(
                "dead-letters",
                "show",
                "--config",
                config,
                listed.path(0).path("id").asText());
        assertThat(shown.out()).contains("\"text\":\"hello\"");
    }

    @Test
    void dead_letters_go_to_their_bot_once_more_in_order_and_only_to_it() throws Exception {
        var healed = new AtomicBoolean();
        var other = new ConcurrentLinkedQueue<String>();
        Bot ill = delivery -> healed.get() ? new EchoBot().handle(delivery) : new Verdict.Reject("ill");
        Bot well = delivery -> {
            other.add(delivery.event().key().hex());
            return Verdict.accept();
        };
        rig.gateway(Map.of("ill", () -> ill, "well", () -> well));
        for (var i = 0; i < 5; i++) {
            PathRig.await(rig.say("7001", "text " + i));
        }
        rig.awaitCounter("ill.1:dead", 5);
        var config = config(rig.redis.uri());
        var id = json(run("dead-letters", "list", "--config", config, "--json"))
                .path(0)
                .path("id")
                .asText();

        assertThat(run("dead-letters", "redrive", "--config", config).code()).isEqualTo(2);
        assertThat(run("dead-letters", "redrive", "--config", config, id).out()).isEqualTo("redriven: 1\n");
        rig.awaitCounter("ill.1:dead", 6);
        healed.set(true);
        assertThat(run("dead-letters", "redrive", "--config", config, "--yes").out())
                .isEqualTo("redriven: 5\n");

        rig.awaitTaken(5);
        assertThat(rig.taken()).containsExactly("text 0", "text 1", "text 2", "text 3", "text 4");
        rig.awaitIdle("ill.1");
        rig.awaitIdle("well.1");
        assertThat(rig.counter("ill.1:done")).isEqualTo(5);
        assertThat(other).hasSize(5);
        assertThat(rig.counter("dl-bytes")).isZero();
        assertThat(run("dead-letters", "redrive", "--config", config, id).code())
                .isEqualTo(1);
    }

    @Test
    void a_redis_that_is_away_is_told_in_a_sentence_without_its_password() throws Exception {
        var ended = run("quarantine", "list", "--config", config("redis://user:hidden@127.0.0.1:1"));

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err().strip())
                .isEqualTo("spillway: Redis at redis://***@127.0.0.1:1 does not answer: does it run, and is redis.uri"
                        + " right?");
    }

    @Test
    void a_redis_that_stands_still_is_told_too() throws Exception {
        var config = config(rig.redis.uri());
        rig.redis.freeze();

        var ended = run("quarantine", "list", "--config", config);

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("does not answer");
    }

    @Test
    void a_wrong_configuration_ends_with_2() throws Exception {
        var file = Files.writeString(directory.resolve("wrong.yaml"), "spillway: { partitions: 0 }");

        var ended = run("quarantine", "list", "--config", file.toString());

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("spillway.partitions: 0", "spillway.redis.uri: missing");
    }

    private record Ended(int code, byte[] bytes, String err) {
        String out() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private Ended run(String... arguments) throws IOException, InterruptedException {
        var out = directory.resolve("out");
        var err = directory.resolve("err");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), Files.readAllBytes(out), Files.readString(err));
    }

    private static JsonNode json(Ended ended) throws IOException {
        assertThat(ended.code()).as(ended.err()).isZero();
        return new ObjectMapper().readTree(ended.bytes());
    }

    private static String id(JsonNode listed, String reason) {
        for (var item : listed) {
            if (item.path("reason").asText().equals(reason)) {
                return item.path("id").asText();
            }
        }
        throw new AssertionError("nothing with the reason " + reason);
    }

    private String config(String redis) throws IOException {
        return Files.writeString(directory.resolve("spillway.yaml"), "spillway: { redis: { uri: \"" + redis + "\" } }")
                .toString();
    }
}
