// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.kit.SentinelRig;
import dev.spillway.gateway.worker.EchoBot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sentinels promote a replica while people write: nothing that got 200 is lost, and each text is answered once. */
final class SentinelIT {
    private final SentinelRig sentinels = SentinelRig.start(2);
    private final PathRig rig =
            new PathRig(sentinels.servers().getFirst(), () -> List.of(sentinels.primary()), sentinels);
    private final Crowd crowd = new Crowd(rig);

    @AfterEach
    void close() {
        rig.close();
    }

    private void start(int replicas) {
        rig.gateway(
                sentinels.uri(),
                Map.of("echo", EchoBot::new),
                "kind: built-in",
                PathRig.UNLIMITED,
                "replicated, replicas: " + replicas);
    }

    @Test
    void the_primary_is_killed_under_load() throws Exception {
        start(1);
        crowd.write(200, Duration.ofSeconds(1));
        var before = sentinels.primary();

        before.kill9();
        crowd.write(400, Duration.ofSeconds(8));
        var after = sentinels.awaitPrimaryOtherThan(before);
        crowd.write(200, Duration.ofSeconds(1));

        crowd.isAnsweredOnceAndInOrder("echo.1");
        assertThat(after).isNotSameAs(before);
        System.out.printf(
                "Sentinel, primary killed: %d texts, 0 lost, 0 repeated, %d refusals, %d ms without a 200, held for %d"
                        + " ms at most%n",
                crowd.size(),
                crowd.refusals(),
                crowd.withoutService().toMillis(),
                crowd.longestHold().toMillis());
    }

    @Test
    @Tag("long")
    void the_primary_is_killed_while_one_of_its_replicas_stands_still() throws Exception {
        start(1);
        crowd.write(100, Duration.ofSeconds(1));
        var before = sentinels.primary();
        var behind = sentinels.servers().getLast();

        behind.freeze();
        crowd.write(200, Duration.ofSeconds(1));
        before.kill9();
        crowd.write(200, Duration.ofSeconds(4));
        var after = sentinels.awaitPrimaryOtherThan(before);
        behind.thaw();
        crowd.write(100, Duration.ofSeconds(1));

        crowd.isAnsweredOnceAndInOrder("echo.1");
        assertThat(after).isNotSameAs(behind);
        System.out.printf(
                "Sentinel, primary killed, a replica behind: %d texts, 0 lost, 0 repeated, %d refusals, %d ms without a"
                        + " 200%n",
                crowd.size(), crowd.refusals(), crowd.withoutService().toMillis());
    }

    @Test
    void a_primary_that_is_demoted_while_it_lives_is_left_for_the_new_one() throws Exception {
        // Both: for a while the one that is not promoted still takes what the old primary says.
        start(2);
        crowd.write(200, Duration.ofSeconds(1));
        var before = sentinels.primary();

        sentinels.failover();
        crowd.write(300, Duration.ofSeconds(4));
        sentinels.awaitPrimaryOtherThan(before);
        crowd.write(200, Duration.ofSeconds(1));

        crowd.isAnsweredOnceAndInOrder("echo.1");
        assertThat(before.running()).isTrue();
        System.out.printf(
                "Sentinel, primary demoted: %d texts, 0 lost, 0 repeated, %d refusals, %d ms without a 200, held for"
                        + " %d ms at most%n",
                crowd.size(),
                crowd.refusals(),
                crowd.withoutService().toMillis(),
                crowd.longestHold().toMillis());
    }
}
