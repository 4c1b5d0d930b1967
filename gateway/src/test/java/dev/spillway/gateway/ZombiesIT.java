// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.SECRET;
import static dev.spillway.gateway.PathRig.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.kit.FaultProxy;
import dev.spillway.gateway.kit.FaultProxy.Direction;
import dev.spillway.gateway.sandbox.Delivered;
import dev.spillway.gateway.sandbox.Fault;
import dev.spillway.gateway.worker.Bot;
import dev.spillway.gateway.worker.EchoBot;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * One of two processes stands still or is cut off from Redis for longer than its leases live, with replies on the wire:
 * the other goes on in its place, and what the first finds in its hands when it comes back does no harm.
 */
@Execution(ExecutionMode.CONCURRENT)
final class ZombiesIT {
    private static final Map<String, Supplier<Bot>> ECHO = Map.of("echo", EchoBot::new);
    private static final int USERS = 40;
    private static final int PARTITIONS = 8;
    private static final int SLEEPS = 3;
    private static final int REFUSED = 3;
    private static final Duration WIRE = Duration.ofMillis(100);
    /** What {@code stream.lease-ttl: 6s}, the default, allows: two thirds of it. */
    private static final Duration SELF_FENCE = Duration.ofSeconds(4);

    private static final Duration LEASE = Duration.ofSeconds(6);
    /** For a machine that has other things to do. */
    private static final Duration SLACK = Duration.ofSeconds(2);

    private final PathRig rig = new PathRig();
    private final Pods pods = new Pods(rig, USERS, yaml -> yaml);

    @AfterEach
    void close() {
        pods.close();
        rig.close();
    }

    @Test
    void a_process_that_slept_longer_than_its_leases_is_fenced_and_sends_nothing_twice() throws Exception {
        rig.sandbox.fault(new Fault.Delay(WIRE), PathRig.PAGE, 0);
        pods.add("sleeps-a");
        pods.add("sleeps-b");
        pods.awaitReady();

        var onTheirWay = 0L;
        for (var sleep = 0; sleep < SLEEPS; sleep++) {
            pods.write(100);
            var sleeper = pods.get(sleep % 2);
            var heir = pods.get(1 - sleep % 2);
            pods.writeUntil(() -> holds(sleeper) > 0 && pods.onTheirWay() > 0, "it has work");
            onTheirWay += pods.onTheirWay();
            sleeper.freeze();
            pods.writeUntil(() -> holds(heir) == 2 * PARTITIONS, "the other has all partitions");
            pods.write(50);
            sleeper.thaw();
            pods.writeUntil(sleeper::isReady, "it is back");
        }

        pods.assertAnsweredOnceAndInOrder();
        var dropped = pods.get(0).linesWith("Lost a partition") + pods.get(1).linesWith("Lost a partition");
        System.out.printf(
                "F4: %d texts, %d sleeps, %d replies on their way, %d partitions dropped by who slept, %d scripts"
                        + " fenced off, %s in doubt%n",
                pods.said().size(), SLEEPS, onTheirWay, dropped, pods.fenced(), doubts());
        assertThat(onTheirWay).isPositive();
        assertThat(dropped).as("partitions dropped by who slept").isPositive();
    }

    private String doubts() throws IOException, InterruptedException {
        return (long) metric(pods.get(0).metrics(), "spillway_dispatch_indoubt_found_total")
                + (long) metric(pods.get(1).metrics(), "spillway_dispatch_indoubt_found_total") + "";
    }

    private static double holds(Pods.Pod pod) {
        try {
            return holds(pod.metrics());
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }

    private static double holds(String metrics) {
        return metric(metrics, "spillway_worker_leases") + metric(metrics, "spillway_dispatch_leases");
    }

    private static double metric(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .sum();
    }

    /** A gateway with a line of its own to Redis and to the platform. */
    private final class Node implements AutoCloseable {
        private final FaultProxy redis = FaultProxy.toRedis(rig.redis.port());
        private final FaultProxy graph = FaultProxy.toTcp(rig.sandbox.port());
        private final Gateway gateway = rig.gateway(ECHO, yaml -> yaml.replace(rig.redis.uri(), redis.redisUri())
                .replace(rig.sandbox.url(), "http://127.0.0.1:" + graph.port())
                .replace("lease-ttl: 2s, renew-every: 300ms", "lease-ttl: 6s, renew-every: 2s")
                .replace("doubt-wait: 3s", "doubt-wait: 20s"));

        double leases() {
            try {
                return holds(rig.get("http://127.0.0.1:" + gateway.opsPort() + "/metrics")
                        .body());
            } catch (IOException | InterruptedException failed) {
                throw new AssertionError(failed);
            }
        }

        void takeWebhooks() {
            rig.sandbox.webhook(PathRig.APP, PathRig.webhookUrl(gateway.httpPort()));
        }

        int post(byte[] body) {
            try {
                return rig.post(gateway.httpPort(), body, SECRET).statusCode();
            } catch (IOException | InterruptedException failed) {
                throw new AssertionError(failed);
            }
        }

        Duration lastCallAfter(long nanos) {
            return Duration.ofNanos(Math.max(0, graph.lastSentNanos(Direction.TO_SERVER) - nanos));
        }

        @Override
        public void close() {
            redis.heal();
            redis.close();
            graph.close();
        }
    }

    @Test
    void a_process_cut_off_from_redis_fences_itself_and_sends_nothing_until_it_is_back() throws Exception {
        rig.sandbox.fault(new Fault.Delay(WIRE), PathRig.PAGE, 0);
        var said = new ArrayList<Future<Delivered>>();
        try (var cut = new Node();
                var other = new Node()) {
            var nodes = List.of(cut, other);
            rig.awaitThat(
                    () -> cut.leases() >= PARTITIONS && cut.leases() + other.leases() == 2 * PARTITIONS,
                    "each has its share");
            for (var i = 0; i < 100; i++) {
                nodes.get(i % 2).takeWebhooks();
                say(said);
            }
            other.takeWebhooks();
            rig.awaitThat(() -> pods.onTheirWay() > 0, "replies are on their way");
            var onTheirWay = pods.onTheirWay();

            cut.redis.blackHole();
            var cutAt = System.nanoTime();
            var refused = refusedBy(cut);
            var fencedAfter = awaitWhileWriting(() -> cut.leases() == 0, said, cutAt);
            var takenOverAfter = awaitWhileWriting(() -> other.leases() == 2 * PARTITIONS, said, cutAt);
            var lastCall = cut.lastCallAfter(cutAt);
            assertThat(refused.stream().map(CompletableFuture::join))
                    .as("answers of who is cut off")
                    .containsOnly(503);
            // The platform posts again what was refused; here to the other.
            for (var which = 0; which < REFUSED; which++) {
                assertThat(other.post(refused(which))).isEqualTo(200);
            }
            cut.redis.heal();
            awaitWhileWriting(() -> cut.leases() >= PARTITIONS, said, cutAt);

            await(Future.all(said));
            rig.awaitTaken(said.size() + REFUSED);
            rig.awaitCounter("sent", said.size() + REFUSED);
            rig.awaitIdle("echo.1");
            System.out.printf(
                    "F11: %d texts, %d replies on their way, %d refused with 503, self-fence after %d ms, last call of"
                            + " who was cut off %d ms after the cut, taken over after %d ms, second copies %d%n",
                    said.size(),
                    onTheirWay,
                    REFUSED,
                    fencedAfter.toMillis(),
                    lastCall.toMillis(),
                    takenOverAfter.toMillis(),
                    rig.counter("echo.1:fin") - rig.counter("echo.1:filtered") - rig.counter("echo.1:done"));
            assertThat(onTheirWay).isPositive();
            assertThat(fencedAfter).isLessThan(SELF_FENCE.plus(SLACK));
            assertThat(lastCall).isLessThan(SELF_FENCE);
            assertThat(takenOverAfter)
                    .isGreaterThan(Duration.ofSeconds(1))
                    .isLessThan(LEASE.plus(SLACK.multipliedBy(3)));
            assertThat(said).allMatch(one -> one.result().accepted());
            rig.assertTakenOnceAndInOrder(said.size() + REFUSED);
        }
    }

    private static byte[] refused(int which) {
        return PathRig.text("80" + which, "m_refused_" + which, "text " + (1_000_000 + which));
    }

    /** Posted at the same time: each is held for as long as may be. */
    private static List<CompletableFuture<Integer>> refusedBy(Node node) {
        return IntStream.range(0, REFUSED)
                .mapToObj(which ->
                        CompletableFuture.supplyAsync(() -> node.post(refused(which)), Thread::startVirtualThread))
                .toList();
    }

    private void say(List<Future<Delivered>> said) throws InterruptedException {
        said.add(rig.say("70" + said.size() % USERS, "text " + said.size()));
        Thread.sleep(Pods.PACE);
    }

    private Duration awaitWhileWriting(BooleanSupplier reached, List<Future<Delivered>> said, long since)
            throws InterruptedException {
        for (var deadline = System.nanoTime() + PathRig.PATIENCE.toNanos(); !reached.getAsBoolean(); ) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            say(said);
        }
        return Duration.ofNanos(System.nanoTime() - since);
    }
}
