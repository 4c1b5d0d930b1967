// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.redis;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.ratelimit.BreakerKey;
import dev.spillway.ratelimit.BreakerSettings;
import dev.spillway.ratelimit.BreakerSnapshot;
import dev.spillway.ratelimit.CircuitBreakerCoordinator.Entry.Entered;
import dev.spillway.ratelimit.CircuitBreakerCoordinator.Entry.Refused;
import dev.spillway.ratelimit.CircuitBreakerCoordinator.Result;
import dev.spillway.ratelimit.SharedCircuitBreakers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Breakers of several nodes, each with its own connections, on a real Redis. */
class SharedBreakersIT extends NodesOnRedis {
    private static final BreakerKey HOST = new BreakerKey("graph");
    private static final Duration PROBE_TIMEOUT = ofSeconds(2);
    private static final BreakerSettings SETTINGS =
            new BreakerSettings(ofSeconds(30), 20, 50, 5, ofSeconds(5), PROBE_TIMEOUT, 100);

    SharedBreakersIT() {
        super(ofSeconds(30));
    }

    @Test
    void two_nodes_open_it_and_two_probes_close_it_for_all() {
        var one = node();
        var two = node();
        var bystander = node();
        bystander.tryEnter(HOST);

        failBoth(one, two);
        await(() -> isOpen(bystander));

        succeed(awaitProbe(one, two), one, two);
        succeed(awaitProbe(one, two), one, two);
        await(() -> bystander.tryEnter(HOST) instanceof Entered entry && !entry.probe());
        await(() -> one.notable().isEmpty() && two.notable().isEmpty());
    }

    /** The prober dies with its probe: after the probe's time another node has it. */
    @Test
    void a_dead_probers_probe_goes_to_another_node() throws Exception {
        var one = node();
        var two = node();
        failBoth(one, two);
        await(() -> enters(one));
        assertThat(enters(two)).as("while the probe is out").isFalse();

        for (var closeable : open.subList(0, 2)) { // its store and its coordinator
            closeable.close();
        }

        await(() -> enters(two));
    }

    @Test
    void an_operators_word_holds_on_all_nodes() {
        var one = node();
        var two = node();
        two.tryEnter(HOST);

        one.forceOpen(HOST, ofMinutes(5));
        await(() -> two.tryEnter(HOST) instanceof Refused refused
                && refused.retryAfter().compareTo(ofMinutes(4)) > 0);

        one.forceClosed(HOST, ofMinutes(5));
        await(() -> stands(one, BreakerSnapshot.State.HELD_CLOSED));
        await(() -> stands(two, BreakerSnapshot.State.HELD_CLOSED));
        fail(one);
        fail(two);
        assertThat(two.tryEnter(HOST)).isInstanceOf(Entered.class);
    }

    /** Redis goes away while it is open: each node tries one call of its own; Redis comes back empty: nobody is shut out. */
    @Test
    void without_redis_each_node_guards_itself_and_a_lost_state_shuts_nobody_out() {
        var one = node();
        var two = node();
        failBoth(one, two);

        redis.kill();
        await(() -> one.tryEnter(HOST) instanceof Entered entry && !entry.probe());
        assertThat(one.tryEnter(HOST)).as("one call at a time").isInstanceOf(Refused.class);

        redis.startAgain();
        await(() -> two.tryEnter(HOST) instanceof Entered entry && !entry.probe());
    }

    private void failBoth(SharedCircuitBreakers one, SharedCircuitBreakers two) {
        fail(one);
        fail(two);
        await(() -> isOpen(one) && isOpen(two));
    }

    private static void fail(SharedCircuitBreakers node) {
        for (int i = 0; i < 5; i++) {
            if (node.tryEnter(HOST) instanceof Entered entry) {
                node.record(HOST, entry, Result.FAILED, ofMillis(1));
            }
        }
    }

    private static boolean isOpen(SharedCircuitBreakers node) {
        return stands(node, BreakerSnapshot.State.OPEN);
    }

    private static boolean stands(SharedCircuitBreakers node, BreakerSnapshot.State state) {
        node.tryEnter(HOST);
        return node.notable().stream().anyMatch(breaker -> breaker.state() == state);
    }

    private static boolean enters(SharedCircuitBreakers node) {
        return node.tryEnter(HOST) instanceof Entered;
    }

    private record Probe(SharedCircuitBreakers node, Entered entry) {}

    private Probe awaitProbe(SharedCircuitBreakers... nodes) {
        var probe = new Probe[1];
        await(() -> {
            for (var node : nodes) {
                if (node.tryEnter(HOST) instanceof Entered entry) {
                    probe[0] = new Probe(node, entry);
                    return true;
                }
            }
            return false;
        });
        return probe[0];
    }

    private static void succeed(Probe probe, SharedCircuitBreakers... nodes) {
        assertThat(probe.entry().probe()).isTrue();
        for (var node : nodes) {
            assertThat(node.tryEnter(HOST)).as("only one probe").isInstanceOf(Refused.class);
        }
        probe.node().record(HOST, probe.entry(), Result.SUCCEEDED, ofMillis(1));
    }

    private SharedCircuitBreakers node() {
        // Generous: the machine is shared, and these tests are not about speed.
        var store =
                RedisBreakerStore.connect(resources, redis.uri(), Settings.DEFAULT.withCommandTimeout(ofSeconds(5)));
        var node = SharedCircuitBreakers.start(store, SETTINGS, () -> 3);
        open.add(store);
        open.add(node);
        return node;
    }
}
