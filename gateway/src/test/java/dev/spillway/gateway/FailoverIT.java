// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.SECRET;
import static dev.spillway.gateway.PathRig.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.kit.FaultProxy;
import dev.spillway.gateway.kit.Ports;
import dev.spillway.gateway.kit.RedisRig;
import dev.spillway.gateway.sandbox.Delivered;
import dev.spillway.gateway.sandbox.Fault;
import dev.spillway.gateway.worker.EchoBot;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Another Redis answers than the one that acknowledged, with less in it: the gateway that had the 200 given repairs it. */
final class FailoverIT {
    private static final int TEXTS = 200;

    private final PathRig rig = new PathRig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void what_redis_acknowledged_and_lost_is_appended_once_more_and_each_event_is_answered_once() throws Exception {
        // Groups and leases are made first, and saved: what is cut off later are appends.
        var worker = rig.unlimited(rig.redis.uri(), Map.of("echo", EchoBot::new));
        rig.stop(worker);
        try (var line = FaultProxy.toRedis(rig.redis.port())) {
            var ingest = rig.gateway(line.redisUri(), Map.of(), "", "  roles: [ingest]\n" + PathRig.UNLIMITED);
            var said = new ArrayList<Future<Delivered>>();
            for (var i = 0; i < TEXTS; i++) {
                said.add(rig.say("7" + i % 20, "text " + i));
            }
            await(Future.all(said));
            assertThat(said).allMatch(one -> one.result().attempts() == 1);
            var stored = rig.counter("added");
            assertThat(stored).isEqualTo(TEXTS);

            line.refuse();
            rig.redis.kill9();
            // As a power loss does to what was not synced.
            rig.redis.truncateLog(length -> length * 3 / 5);
            rig.redis.restart();
            var left = rig.counter("added");
            assertThat(left).as("events that survived").isBetween(1L, TEXTS - 1L);
            line.heal();
            // Also without a webhook that would wake it.
            rig.awaitThat(() -> rig.counter("added") == left + TEXTS, "the repair");
            assertThat(rig.get("http://127.0.0.1:" + ingest.opsPort() + "/metrics")
                            .body())
                    .contains("spillway_stream_repaired_events_total " + (double) TEXTS);

            rig.unlimited(rig.redis.uri(), Map.of("echo", EchoBot::new));
            rig.awaitTaken(TEXTS);
            rig.awaitIdle("echo.1");
            assertThat(rig.taken()).doesNotHaveDuplicates().hasSize(TEXTS);
            assertThat(rig.counter("echo.1:done")).isEqualTo(TEXTS);
        }
    }

    @Test
    void a_send_that_its_journal_forgot_to_be_confirmed_is_not_repeated_although_no_echo_comes() throws Exception {
        var gateway = rig.gateway(
                Map.of("echo", EchoBot::new), yaml -> yaml.replace("send-timeout: 2s", "send-timeout: 30s"));
        var log = rig.redis.dataFolder().resolve("appendonlydir");
        var copy = rig.redis.dataFolder().resolve("before");
        rig.sandbox.fault(new Fault.LateAnswer(Duration.ofSeconds(4)), PathRig.PAGE, 1);
        rig.sandbox.webhook(PathRig.APP, PathRig.webhookUrl(Ports.toKeep())); // Where nobody takes its echo.
        var hello = PathRig.text("7001", "m_1", "hello");
        assertThat(rig.post(gateway.httpPort(), hello, SECRET).statusCode()).isEqualTo(200);
        rig.awaitThat(() -> !rig.sandbox.calls().isEmpty(), "the platform has it");
        copy(log, copy);
        assertThat(rig.counter("sent"))
                .as("sends of which the copy knows how they ended")
                .isZero();
        rig.awaitCounter("sent", 1);

        rig.redis.kill9();
        delete(log);
        copy(copy, log);
        rig.redis.restart();

        rig.awaitCounter("sent", 1);
        assertThat(rig.taken()).containsExactly("hello");
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (var files = Files.list(from)) {
            for (var file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void in_the_replicated_mode_nothing_is_acknowledged_that_the_replica_lacks() throws Exception {
        try (var replica = RedisRig.start(settings -> settings.with("replicaof", "127.0.0.1 " + rig.redis.port()))) {
            rig.redis.configSet("repl-diskless-sync-delay", "0");
            var gateway = rig.gateway(
                    rig.redis.uri(),
                    Map.of("echo", EchoBot::new),
                    "kind: built-in",
                    PathRig.UNLIMITED + "\n  ingest: { hold-max: 1s }",
                    "replicated");
            rig.awaitThat(() -> "1".equals(rig.redis.info("replication").get("connected_slaves")), "a replica");
            await(rig.say("7000", "first"));
            assertThat(replica.info("keyspace")).isNotEmpty();
            rig.calls(1);

            replica.freeze();
            var statuses = new ArrayList<Integer>();
            for (var i = 0; i < 3; i++) {
                statuses.add(rig.post(gateway.httpPort(), PathRig.text("7001", "m_" + i, "refused"), SECRET)
                        .statusCode());
            }
            assertThat(statuses).containsOnly(503);
            // What replicas do not have is not sent either: the send would be forgotten with the primary.
            var calls = rig.sandbox.calls().size();

            replica.thaw();
            await(rig.say("7002", "second"));
            rig.awaitThat(() -> rig.taken().containsAll(List.of("first", "second")), "replies flow again");
            assertThat(rig.taken()).doesNotHaveDuplicates();
            assertThat(calls).isEqualTo(1);
            // What got 503 was appended all the same, and counted: nothing is left for the owner to correct.
            rig.awaitIdle("echo.1");
            assertThat(rig.counter("echo.1:base")).isZero();
        }
    }
}
