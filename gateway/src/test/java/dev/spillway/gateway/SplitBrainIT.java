// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.SECRET;
import static dev.spillway.gateway.PathRig.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.kit.FaultProxy;
import dev.spillway.gateway.kit.RedisRig;
import dev.spillway.gateway.kit.SentinelRig;
import dev.spillway.gateway.sandbox.Delivered;
import dev.spillway.gateway.worker.Bot;
import dev.spillway.gateway.worker.EchoBot;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two primaries, each with clients: one process sees neither the sentinels nor the new primary, and goes on with the old
 * one, whose writes will be thrown away. With {@code replicated} it acknowledges nothing and sends nothing.
 */
final class SplitBrainIT {
    private static final Duration BOT_TAKES = Duration.ofSeconds(3);
    private static final String SHORT_HOLD = PathRig.UNLIMITED + "\n  ingest: { hold-max: 1s }";

    private final SentinelRig sentinels = SentinelRig.start(2);
    private final PathRig rig =
            new PathRig(sentinels.servers().getFirst(), () -> List.of(sentinels.primary()), sentinels);
    private final List<FaultProxy> lines =
            sentinels.ports().stream().map(FaultProxy::toTcp).toList();
    private final List<Future<Delivered>> said = new ArrayList<>();

    @AfterEach
    void close() {
        rig.close();
        lines.forEach(FaultProxy::close);
    }

    private Gateway start(String uri, Supplier<Bot> bot) {
        return rig.gateway(uri, Map.of("echo", bot), "kind: built-in", SHORT_HOLD, "replicated, replicas: 1");
    }

    private void say(int texts) {
        for (var i = 0; i < texts; i++) {
            said.add(rig.say("7" + said.size() % 20, "text " + said.size()));
        }
    }

    @Test
    @Tag("long")
    void the_losing_side_acknowledges_nothing_and_sends_nothing() throws Exception {
        Bot slow = delivery -> {
            Thread.sleep(BOT_TAKES);
            return new EchoBot().handle(delivery);
        };
        var losing = start(sentinels.uri(lines.stream().map(FaultProxy::port).toList()), () -> slow);
        start(sentinels.uri(), EchoBot::new);
        rig.awaitThat(() -> owners(sentinels.primary()) == 2, "each has partitions");
        say(40);
        await(Future.all(said));
        var before = sentinels.primary();

        // What its bots have in hand now is committed to the old primary, where replies to it wait.
        lines.forEach(FaultProxy::blackHole);
        sentinels.split(before);
        var refused = List.of(post(losing, "lost 1"), post(losing, "lost 2"), post(losing, "lost 3"));
        say(40);
        await(Future.all(said));
        rig.awaitTaken(80);

        assertThat(refused).containsOnly(503);
        assertThat(before.info("replication")).containsEntry("role", "master");
        rig.awaitThat(() -> repliesWaiting(before) > 0, "replies that only the losing side has");

        sentinels.heal(before);
        lines.forEach(FaultProxy::heal);
        rig.sandbox.webhook(PathRig.APP, PathRig.webhookUrl(losing.httpPort()));
        say(40);
        await(Future.all(said));
        rig.awaitTaken(120);
        rig.awaitIdle("echo.1");
        rig.assertTakenOnceAndInOrder(120);
    }

    private int post(Gateway gateway, String text) throws Exception {
        return rig.post(gateway.httpPort(), PathRig.text("7999", "m_" + text.hashCode(), text), SECRET)
                .statusCode();
    }

    private static long repliesWaiting(RedisRig server) {
        return server.client().keys("g1:ctr:*").stream()
                .map(key -> server.client().hmget(key, "out", "out-fin"))
                .mapToLong(counts -> Long.parseLong(counts.getFirst().getValueOrElse("0"))
                        - Long.parseLong(counts.getLast().getValueOrElse("0")))
                .sum();
    }

    private static long owners(RedisRig server) {
        return server.client().keys("g1:own:*").stream()
                .map(key -> String.valueOf(server.client().hget(key, "o")))
                .map(owner -> owner.substring(0, Math.max(0, owner.indexOf(':'))))
                .filter(owner -> !owner.isEmpty())
                .distinct()
                .count();
    }
}
