// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static dev.spillway.gateway.PathRig.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.sandbox.Call;
import dev.spillway.gateway.worker.Bot;
import dev.spillway.gateway.worker.EchoBot;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** No page is pushed past its limits, by any number of processes. */
final class PageLimitsIT {
    private static final Map<String, Supplier<Bot>> ECHO = Map.of("echo", EchoBot::new);
    private static final int TEXTS = 160;
    /**
     * The platform's high-volume threshold, the default of {@code limits.total}, is 40. What arrives is counted here by a
     * platform in the same busy process, whose own pauses gather calls: a pause of 250 ms adds ten. The exact bound is
     * proved in virtual time by the limiter's own tests; without the limiter a second holds all of them.
     */
    private static final int SEEN_PER_SECOND_MAX = 50;

    private final PathRig rig = new PathRig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void two_processes_together_keep_a_page_below_its_limit_in_every_second() {
        rig.gateway(ECHO);
        rig.gateway(ECHO);
        var said = new ArrayList<Future<?>>();
        for (var i = 0; i < TEXTS; i++) {
            said.add(rig.say("7" + i % 80, "text " + i));
        }
        await(Future.all(said));

        var calls = rig.calls(TEXTS);

        assertThat(worstSecond(calls)).isLessThanOrEqualTo(SEEN_PER_SECOND_MAX);
        assertThat(calls.stream().filter(Call::taken)).hasSize(TEXTS);
    }

    private static int worstSecond(List<Call> calls) {
        var times = calls.stream().mapToLong(Call::receivedNanos).sorted().toArray();
        var worst = 0;
        for (int first = 0, last = 0; last < times.length; last++) {
            while (times[last] - times[first] >= 1_000_000_000L) {
                first++;
            }
            worst = Math.max(worst, last - first + 1);
        }
        return worst;
    }
}
