// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.kit.ClusterRig;
import dev.spillway.gateway.kit.RedisRig;
import dev.spillway.gateway.worker.EchoBot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The partitions are spread over the nodes of a Redis Cluster, which die and hand slots over while people write. */
final class ClusterIT {
    private static final int PARTITIONS = 8;
    private static final List<Integer> MOVED = List.of(0, 1, 2);

    private static PathRig gatewayOn(ClusterRig cluster, String durability) {
        var rig = new PathRig(cluster.servers().getFirst(), cluster::primaries, () -> {});
        rig.gateway(
                cluster.uri(),
                Map.of("echo", EchoBot::new),
                "kind: built-in",
                PathRig.UNLIMITED,
                durability + ", mode: cluster");
        return rig;
    }

    private static void report(String what, Crowd crowd) {
        System.out.printf(
                "Cluster, %s: %d texts, 0 lost, 0 repeated, %d refusals, %d ms without a 200, held for %d ms at most%n",
                what,
                crowd.size(),
                crowd.refusals(),
                crowd.withoutService().toMillis(),
                crowd.longestHold().toMillis());
    }

    private static String stream(int partition) {
        return "g1:in:{p" + partition + "}";
    }

    @Test
    void a_text_goes_all_the_way_on_a_cluster_of_three() throws Exception {
        try (var cluster = ClusterRig.start();
                var rig = gatewayOn(cluster, "everysec")) {
            var crowd = new Crowd(rig);

            crowd.write(300, Duration.ofSeconds(3));

            crowd.isAnsweredOnceAndInOrder("echo.1");
            assertThat(cluster.primaries())
                    .hasSize(3)
                    .allMatch(node -> !node.client().keys("g1:in:*").isEmpty());
            assertThat(crowd.refusals()).isZero();
        }
    }

    @Test
    void a_node_is_killed_under_load_and_its_replica_promoted() throws Exception {
        // Two replicas each: one is promoted, and the other is what `replicated` then asks.
        try (var cluster = ClusterRig.start(3, 2, UnaryOperator.identity());
                var rig = gatewayOn(cluster, "replicated")) {
            var crowd = new Crowd(rig);
            crowd.write(200, Duration.ofSeconds(1));

            cluster.ownerOf(stream(0)).kill9();
            crowd.write(400, Duration.ofSeconds(8));
            rig.awaitThat(() -> cluster.primaries().size() == 3, "a replica is promoted");
            crowd.write(200, Duration.ofSeconds(1));

            crowd.isAnsweredOnceAndInOrder("echo.1");
            report("node killed", crowd);
        }
    }

    @Test
    void slots_are_moved_under_load() throws Exception {
        try (var cluster = ClusterRig.start();
                var rig = gatewayOn(cluster, "everysec")) {
            var crowd = new Crowd(rig);
            crowd.write(200, Duration.ofSeconds(1));
            var owners = IntStream.range(0, PARTITIONS)
                    .mapToObj(partition -> cluster.ownerOf(stream(partition)))
                    .toList();

            var mover = new FutureTask<Void>(() -> {
                for (var partition : MOVED) {
                    cluster.move(stream(partition), otherThan(owners.get(partition), cluster), Duration.ofMillis(50));
                }
                return null;
            });
            Thread.ofVirtual().start(mover);
            crowd.write(600, Duration.ofSeconds(6));
            mover.get(60, TimeUnit.SECONDS);
            crowd.write(200, Duration.ofSeconds(1));

            crowd.isAnsweredOnceAndInOrder("echo.1");
            for (var partition : MOVED) {
                assertThat(cluster.ownerOf(stream(partition))).isNotSameAs(owners.get(partition));
            }
            report(MOVED.size() + " slots moved", crowd);
        }
    }

    private static RedisRig otherThan(RedisRig owner, ClusterRig cluster) {
        return cluster.primaries().stream()
                .filter(node -> node != owner)
                .findFirst()
                .orElseThrow();
    }
}
