// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.kit.ClockShim;
import dev.spillway.gateway.kit.RedisRig;
import dev.spillway.gateway.sandbox.Delivered;
import dev.spillway.gateway.worker.Bot;
import dev.spillway.gateway.worker.EchoBot;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clock of Redis jumps by an hour, forth and back, under load: leases move or stay, and no text is lost or repeated. */
final class ClockStepsIT {
    private static final Map<String, Supplier<Bot>> ECHO = Map.of("echo", EchoBot::new);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int USERS = 40;
    private static final int TEXTS = 300;
    /** Twice the {@code lease-ttl} of the rig is 4 s; and what a busy machine makes of that. */
    private static final Duration STALL_MAX = Duration.ofSeconds(40);

    private final List<Future<Delivered>> said = new ArrayList<>();
    private final List<Long> saidNanos = new ArrayList<>();

    @Test
    void an_hour_forth_and_back_leaves_order_and_onceness_as_they_were(@TempDir Path folder) throws Exception {
        var shim = ClockShim.build(folder);
        Assumptions.assumeTrue(shim.isPresent(), "the clock of Redis cannot be set here");
        var clock = shim.orElseThrow();
        try (var rig = new PathRig(RedisRig.start(settings -> settings.withExecutable(clock.server())))) {
            rig.unlimited(rig.redis.uri(), ECHO);
            rig.unlimited(rig.redis.uri(), ECHO);
            write(rig);

            for (var ahead : List.of(HOUR, Duration.ZERO, HOUR.negated(), Duration.ZERO)) {
                var from = said.size();
                var epochs = epochs(rig);
                var before = secondsOfRedis(rig);
                clock.set(ahead);
                var step = secondsOfRedis(rig) - before;
                write(rig);
                await(Future.all(said));
                rig.awaitTaken(said.size());
                var stall = stall(rig, from);
                System.out.printf(
                        "F20: a step of %d s: longest wait for a reply %d ms, %d leases taken%n",
                        step, stall.toMillis(), epochs(rig) - epochs);
                assertThat(Math.abs(step)).isGreaterThan(HOUR.toSeconds() - 60);
                assertThat(stall).isLessThan(STALL_MAX);
            }

            rig.awaitIdle("echo.1");
            assertThat(said).allMatch(one -> one.result().accepted());
            rig.assertTakenOnceAndInOrder(said.size());
            assertThat(rig.counter("echo.1:done")).isEqualTo(said.size());
        }
    }

    private void write(PathRig rig) throws InterruptedException {
        for (var i = 0; i < TEXTS; i++) {
            saidNanos.add(System.nanoTime());
            said.add(rig.say("70" + said.size() % USERS, "text " + said.size()));
            Thread.sleep(Pods.PACE);
        }
    }

    private static long secondsOfRedis(PathRig rig) {
        return Long.parseLong(rig.redis.client().time().getFirst());
    }

    private static long epochs(PathRig rig) {
        return rig.redis.client().keys("g1:own*").stream()
                .mapToLong(key -> Long.parseLong(rig.redis.client().hget(key, "e")))
                .sum();
    }

    /** The longest time from a text to its reply, of those from this one on. */
    private Duration stall(PathRig rig, int from) {
        return Duration.ofNanos(rig.sandbox.calls().stream()
                .mapToLong(call -> {
                    var text = Integer.parseInt(String.valueOf(call.text()).substring("text ".length()));
                    return text < from ? 0 : call.receivedNanos() - saidNanos.get(text);
                })
                .max()
                .orElse(0));
    }
}
