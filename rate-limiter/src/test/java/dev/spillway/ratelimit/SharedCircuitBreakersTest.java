// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import static dev.spillway.ratelimit.CircuitBreakerCoordinator.Result.FAILED;
import static dev.spillway.ratelimit.CircuitBreakerCoordinator.Result.SUCCEEDED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.ratelimit.CircuitBreakerCoordinator.Entry.Entered;
import dev.spillway.ratelimit.CircuitBreakerCoordinator.Entry.Refused;
import dev.spillway.ratelimit.CircuitBreakerCoordinator.Result;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SharedCircuitBreakersTest {
    private static final BreakerKey HOST = new BreakerKey("graph");

    private long nanos = 1_000_000_000;
    private final LocalBreakerStore store = new LocalBreakerStore(() -> Laws.NOW + Ticks.ofNanos(nanos));
    private final SharedCircuitBreakers one = node(1, 3);
    private final SharedCircuitBreakers two = node(2, 3);
    private final SharedCircuitBreakers three = node(3, 3);

    @Test
    void one_sick_node_shuts_only_itself_out() {
        failInARow(one);

        assertThat(one.tryEnter(HOST)).isInstanceOf(Refused.class);
        assertThat(two.tryEnter(HOST)).isInstanceOf(Entered.class);
    }

    @Test
    void two_nodes_open_it_for_all() {
        three.tryEnter(HOST);
        failInARow(one);
        failInARow(two);

        assertThat(three.tryEnter(HOST)).isEqualTo(new Refused(Duration.ofSeconds(1)));
    }

    @Test
    void a_node_alone_opens_it_by_its_own_vote() {
        var alone = node(9, 1);
        failInARow(alone);

        assertThat(alone.tryEnter(HOST)).isEqualTo(new Refused(Duration.ofSeconds(1)));
    }

    @Test
    void one_probe_at_a_time_and_two_successes_close_it_everywhere() {
        open();
        nanos += 1_000_000_000;

        var probe = probe(one);
        assertThat(probe.probe()).isTrue();
        assertThat(enterTwice(two)).isInstanceOf(Refused.class);
        assertThat(enterTwice(one)).isInstanceOf(Refused.class);
        one.record(HOST, probe, SUCCEEDED, Duration.ZERO);
        nanos += 20_000_000_000L;
        two.record(HOST, probe(two), SUCCEEDED, Duration.ZERO);

        assertThat(one.tryEnter(HOST)).isEqualTo(new Entered(1, false));
        assertThat(three.tryEnter(HOST)).isEqualTo(new Entered(1, false));
    }

    @Test
    void a_failed_probe_opens_it_for_longer() {
        open();
        nanos += 1_000_000_000;

        one.record(HOST, probe(one), FAILED, Duration.ZERO);

        assertThat(two.tryEnter(HOST)).isEqualTo(new Refused(Duration.ofSeconds(2)));
    }

    @Test
    void a_probe_that_died_is_given_to_another_node() {
        open();
        nanos += 1_000_000_000;
        probe(one);

        nanos += 11_000_000_000L;

        assertThat(probe(two).probe()).isTrue();
    }

    @Test
    void a_late_result_of_an_older_generation_is_ignored() {
        var early = (Entered) one.tryEnter(HOST);
        open();
        nanos += 1_000_000_000;
        for (int i = 0; i < 2; i++) {
            one.record(HOST, probe(one), SUCCEEDED, Duration.ZERO);
        }

        for (int i = 0; i < 100; i++) {
            one.record(HOST, early, FAILED, Duration.ZERO);
        }

        assertThat(one.tryEnter(HOST)).isInstanceOf(Entered.class);
    }

    @Test
    void an_operator_has_the_last_word() {
        two.tryEnter(HOST);
        one.forceOpen(HOST, Duration.ofMinutes(5));
        assertThat(two.tryEnter(HOST)).isEqualTo(new Refused(Duration.ofMinutes(5)));

        two.forceClosed(HOST);
        assertThat(one.tryEnter(HOST)).isInstanceOf(Entered.class);
    }

    @Test
    void without_the_store_each_node_guards_itself() {
        two.tryEnter(HOST);
        store.down = true;
        failInARow(one);

        assertThat(one.tryEnter(HOST)).isInstanceOf(Refused.class);
        assertThat(two.tryEnter(HOST)).isInstanceOf(Entered.class);
    }

    @Test
    void an_open_breaker_outlives_its_store_by_one_call_per_node() {
        open();
        store.down = true;
        nanos += 1_000_000_000;

        assertThat(enterTwice(one)).isInstanceOf(Entered.class);
        assertThat(one.tryEnter(HOST)).as("while that call is out").isInstanceOf(Refused.class);
    }

    @Test
    void beyond_the_bound_calls_pass_unguarded() {
        var small = new BreakerSettings(
                Duration.ofSeconds(30), 20, 50, 5, Duration.ofSeconds(5), Duration.ofSeconds(11), 2);
        var bounded = new SharedCircuitBreakers(store, small, () -> 1, () -> nanos, 4);
        for (int i = 0; i < 10; i++) {
            assertThat(bounded.tryEnter(new BreakerKey("k" + i))).isInstanceOf(Entered.class);
        }
        nanos += Duration.ofMinutes(16).toNanos();
        assertThat(bounded.tryEnter(new BreakerKey("late"))).isInstanceOf(Entered.class);
    }

    @Test
    void a_probe_that_was_not_sent_goes_to_another_node_at_once() {
        open();
        nanos += 1_000_000_000;

        one.record(HOST, probe(one), Result.ABANDONED, Duration.ZERO);

        assertThat(probe(two).probe()).isTrue();
    }

    @Test
    void a_probe_is_not_handed_out_after_its_time() {
        open();
        nanos += 1_000_000_000;
        one.tryEnter(HOST); // has it now, and makes no call

        nanos += 11_000_000_000L;
        assertThat(probe(two).probe()).isTrue();

        assertThat(enterTwice(one)).isInstanceOf(Refused.class);
    }

    @Test
    void an_operator_may_hold_it_closed_for_a_time_whatever_the_calls_say() {
        open();
        one.forceClosed(HOST, Duration.ofMinutes(1));

        for (var node : new SharedCircuitBreakers[] {one, two, three}) {
            failInARow(node);
            assertThat(node.tryEnter(HOST)).isInstanceOf(Entered.class);
            assertThat(node.notable()).singleElement().satisfies(breaker -> {
                assertThat(breaker.state()).isEqualTo(BreakerSnapshot.State.HELD_CLOSED);
                assertThat(breaker.left()).isEqualTo(Duration.ofMinutes(1));
            });
        }

        nanos += Duration.ofMinutes(1).toNanos();
        failInARow(one);
        failInARow(two);
        assertThat(three.tryEnter(HOST)).isEqualTo(new Refused(Duration.ofSeconds(1)));
    }

    @Test
    void a_lost_message_is_noticed_by_the_next_pulse() {
        three.tryEnter(HOST);
        store.losesMessages = true;
        failInARow(one);
        failInARow(two);
        assertThat(three.tryEnter(HOST)).as("nobody told it").isInstanceOf(Entered.class);

        nanos += 251_000_000;

        assertThat(enterTwice(three)).isInstanceOf(Refused.class);
    }

    @Test
    void a_store_that_lost_its_state_leaves_nobody_shut_out() {
        open();
        store.loseState();
        nanos += 1_000_000_000;

        assertThat(enterTwice(one)).isEqualTo(new Entered(0, false));
        assertThat(enterTwice(three)).isEqualTo(new Entered(0, false));
    }

    @Test
    void who_went_alone_follows_the_others_when_the_store_is_back() {
        open();
        store.down = true;
        nanos += 1_000_000_000;
        assertThat(enterTwice(one)).isInstanceOf(Entered.class);

        store.down = false;
        two.forceOpen(HOST, Duration.ofMinutes(5));
        nanos += 251_000_000;

        assertThat(enterTwice(one)).isInstanceOf(Refused.class);
        assertThat(one.notable()).singleElement().satisfies(breaker -> assertThat(breaker.state())
                .isEqualTo(BreakerSnapshot.State.OPEN));
    }

    private SharedCircuitBreakers node(long id, int active) {
        return new SharedCircuitBreakers(store, BreakerSettings.DEFAULT, () -> active, () -> nanos, id);
    }

    private void open() {
        for (var node : new SharedCircuitBreakers[] {one, two, three}) {
            node.tryEnter(HOST);
        }
        failInARow(one);
        failInARow(two);
    }

    /** The first try asks the store, the next one has its answer. */
    private static CircuitBreakerCoordinator.Entry enterTwice(SharedCircuitBreakers node) {
        node.tryEnter(HOST);
        return node.tryEnter(HOST);
    }

    private static Entered probe(SharedCircuitBreakers node) {
        return (Entered) enterTwice(node);
    }

    private static void failInARow(SharedCircuitBreakers node) {
        for (int i = 0; i < 5; i++) {
            if (node.tryEnter(HOST) instanceof Entered entry) {
                node.record(HOST, entry, Result.FAILED, Duration.ZERO);
            }
        }
    }
}
