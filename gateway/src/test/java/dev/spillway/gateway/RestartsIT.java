// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.sandbox.Call;
import dev.spillway.gateway.sandbox.Fault;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Real processes are told to stop while people write and replies are on the wire: once, twice, and killed in the middle of
 * it; and all are replaced one after the other. Nothing is lost, repeated or turned round.
 */
final class RestartsIT {
    private static final int USERS = 40;
    private static final int STOPPED = 0;
    private static final int KILLED = 137;
    /** Long enough on the wire that some replies always are. */
    private static final Duration WIRE = Duration.ofMillis(150);

    private static final int EXIT_SECONDS_MAX = 60;
    private static final int DRAIN_MILLIS = 400;
    private static final int REPLACED = 2;

    private final PathRig rig = new PathRig();
    private int endpointsMillis = DRAIN_MILLIS;
    private final Pods pods = new Pods(
            rig,
            USERS,
            yaml -> yaml.replace("drain: { endpoints: 0s", "drain: { endpoints: " + endpointsMillis + "ms"));

    @AfterEach
    void close() {
        pods.close();
        rig.close();
    }

    /** After the first SIGTERM a second one, or SIGKILL; in ms. */
    private record Stop(int secondAfter, int killAfter) {}

    private static final List<Stop> STOPS = List.of(
            new Stop(100, -1), new Stop(DRAIN_MILLIS + 50, -1), new Stop(-1, 100), new Stop(-1, DRAIN_MILLIS + 20));

    @Test
    void a_process_told_to_stop_once_or_twice_or_killed_while_it_does_loses_and_repeats_nothing() throws Exception {
        rig.sandbox.fault(new Fault.Delay(WIRE), PathRig.PAGE, 0);
        pods.add("stops-a");
        pods.add("stops-b");
        pods.awaitReady();

        var onTheirWay = 0L;
        var killed = 0;
        var longestMillis = 0L;
        for (var stop : STOPS) {
            pods.write(60);
            pods.awaitReady();
            var victim = pods.get(STOPS.indexOf(stop) % 2);
            onTheirWay += pods.onTheirWay();
            var began = System.nanoTime();
            victim.terminate();
            if (stop.secondAfter() > 0) {
                writeFor(stop.secondAfter());
                if (victim.process().running()) {
                    victim.terminate();
                }
            }
            if (stop.killAfter() > 0) {
                writeFor(stop.killAfter());
                killed += victim.process().running() ? 1 : 0;
                victim.kill();
            }
            pods.writeUntil(() -> !victim.process().running(), "it ends");
            longestMillis = Math.max(longestMillis, (System.nanoTime() - began) / 1_000_000);
            var code = victim.process().awaitExit(PathRig.PATIENCE);
            assertThat(code).isIn(stop.killAfter() > 0 ? List.of(KILLED, STOPPED) : List.of(STOPPED));
            victim.restart();
        }

        pods.assertAnsweredOnceAndInOrder();
        System.out.printf(
                "F36: %d texts, %d stops, %d of them killed in the drain, %d replies on their way, longest exit %d"
                        + " ms%n",
                pods.said().size(), STOPS.size(), killed, onTheirWay, longestMillis);
        assertThat(killed).isGreaterThanOrEqualTo(1);
        assertThat(onTheirWay).isPositive();
        assertThat(longestMillis).isLessThan(EXIT_SECONDS_MAX * 1000L);
    }

    private void writeFor(int millis) throws InterruptedException {
        var until = System.nanoTime() + Duration.ofMillis(millis).toNanos();
        while (System.nanoTime() < until) {
            pods.write();
        }
    }

    @Test
    void all_processes_are_replaced_one_after_the_other_and_no_webhook_is_refused() throws Exception {
        // Well beyond what the service takes to notice.
        endpointsMillis = 4_000;
        pods.add("rolling-0");
        pods.add("rolling-1");
        pods.awaitReady();
        pods.write(100);

        for (var replaced = 0; replaced < REPLACED; replaced++) {
            var next = pods.add("rolling-" + (2 + replaced));
            pods.writeUntil(next::isReady, "the next is ready");
            var old = pods.get(0);
            old.terminate();
            pods.writeUntil(() -> !old.process().running(), "the old has ended");
            assertThat(old.process().awaitExit(PathRig.PATIENCE)).isEqualTo(STOPPED);
            pods.remove(old);
        }
        pods.write(100);

        pods.assertAnsweredOnceAndInOrder();
        var again =
                pods.said().stream().filter(one -> one.result().attempts() > 1).count();
        System.out.printf(
                "F31: %d texts, %d replaced, %d webhooks for those that were leaving, %d posted again, longest time"
                        + " without a reply %d ms%n",
                pods.said().size(), REPLACED, pods.toLeaving(), again, longestGapMillis());
        assertThat(pods.toLeaving()).isPositive();
        assertThat(again).as("webhooks that were refused or cut off").isZero();
    }

    private long longestGapMillis() {
        var calls = rig.sandbox.calls().stream()
                .mapToLong(Call::receivedNanos)
                .sorted()
                .toArray();
        var longest = 0L;
        for (var i = 1; i < calls.length; i++) {
            longest = Math.max(longest, calls[i] - calls[i - 1]);
        }
        return longest / 1_000_000;
    }
}
