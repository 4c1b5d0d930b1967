// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import static dev.spillway.ratelimit.Laws.NOW;
import static dev.spillway.ratelimit.Laws.SCOPE;
import static dev.spillway.ratelimit.Laws.ask;
import static dev.spillway.ratelimit.Laws.millis;
import static dev.spillway.ratelimit.Laws.tariff;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.ratelimit.LeaseReply.Cause;
import dev.spillway.ratelimit.LeaseReply.Granted;
import dev.spillway.ratelimit.LeaseReply.Refused;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScopeLawTest {
    private static final Tariff TEN = tariff(new Limit("ten", 10, ofSeconds(1), 2, Mode.NOMINAL));
    private static final long T = millis(100);

    private final Map<String, Long> state = new HashMap<>();

    @Test
    void an_unknown_scope_starts_with_one_unit_and_no_burst() {
        assertThat(granted(NOW, ask(TEN, 1, 5, ZERO)).n()).isEqualTo(1);
        assertThat(refused(NOW, ask(TEN, 1, 5, ZERO)).waitTicks()).isEqualTo(T);
    }

    @Test
    void an_idle_scope_has_its_burst() {
        granted(NOW, ask(TEN, 1, 1, ZERO));

        assertThat(granted(NOW + millis(10_000), ask(TEN, 1, 5, ZERO)).n()).isEqualTo(2);
    }

    @Test
    void a_reservation_says_when_each_unit_falls_due() {
        var grant = granted(NOW, ask(TEN, 1, 50, ofSeconds(2)));

        assertThat(grant.n()).isEqualTo(21);
        assertThat(grant.timelines()).singleElement().satisfies(line -> {
            assertThat(line.offset()).isZero();
            assertThat(line.interval()).isEqualTo(T);
        });
        assertThat(refused(NOW, ask(TEN, 1, 1, ofSeconds(2))).waitTicks()).isEqualTo(T);
    }

    @Test
    void a_timeline_that_no_grant_can_have_made_starts_empty() {
        state.put("t:ten", NOW * 2);

        assertThat(refused(NOW, ask(TEN, 1, 1, ZERO)).waitTicks()).isEqualTo(T);
        assertThat(granted(NOW + T, ask(TEN, 1, 1, ofSeconds(1))).n()).isEqualTo(1);
    }

    @Test
    void a_refusal_names_the_limit_that_binds_longest() {
        var both = tariff(Limit.hard("slow", 1, ofSeconds(5)), Limit.hard("fast", 10, ofSeconds(1)));
        granted(NOW, ask(both, 1, 1, ZERO));

        assertThat(refused(NOW, ask(both, 1, 1, ZERO)).limitId()).isEqualTo("slow");
    }

    @Test
    void a_narrow_limit_cannot_reserve_far_ahead_on_a_broad_one() {
        var narrow = Limit.hard("media", 10, ofSeconds(1));
        var broad = Limit.hard("total", 300, ofSeconds(1));
        var policy = Policy.of(1, Map.of("media", List.of(narrow, broad), "text", List.of(broad)));

        var grant = granted(NOW, ask(policy.tariff("media"), 1, 20, ofSeconds(2)));

        assertThat(grant.n())
                .as("the second unit falls due 103 ms late on the total")
                .isEqualTo(1);
        assertThat(refused(NOW, ask(policy.tariff("media"), 1, 20, ofSeconds(2)))
                        .waitTicks())
                .isEqualTo(narrow.interval() - Ticks.of(Limit.DEFAULT_LATENESS) / 6);
    }

    @Test
    void a_quota_holds_in_every_window_and_says_when_it_reopens() {
        var hour = tariff(Limit.quota("hour", 10, ofHours(1)));
        granted(NOW, ask(hour, 4, 4, ZERO));
        granted(NOW + millis(600_000), ask(hour, 6, 6, ZERO));

        var refusal = refused(NOW + millis(3_599_000), ask(hour, 1, 1, ZERO));

        assertThat(refusal.limitId()).isEqualTo("hour@3600");
        assertThat(refusal.waitTicks()).isBetween(millis(1_000), millis(66_000));
        var reopened = NOW + millis(3_599_000) + refusal.waitTicks();
        assertThat(granted(reopened, ask(hour, 1, 10, ZERO)).n()).isEqualTo(4);
        assertThat(refused(reopened, ask(hour, 1, 10, ZERO)).cause()).isEqualTo(Cause.LIMIT);
    }

    @Test
    void only_the_tail_of_a_timeline_can_be_handed_back() {
        var first = granted(NOW, ask(TEN, 1, 5, ofSeconds(1)));
        var second = granted(NOW, ask(TEN, 1, 2, ofSeconds(1)));

        assertThat(ScopeLaw.release(state, new Refund(SCOPE, TEN, 1, first.timelines(), List.of())))
                .isZero();
        assertThat(ScopeLaw.release(state, new Refund(SCOPE, TEN, 1, second.timelines(), List.of())))
                .isEqualTo(1);
        assertThat(state).containsEntry("t:ten", second.timelines().getFirst().end() - T);
    }

    @Test
    void quota_units_return_to_their_bucket() {
        var hour = tariff(Limit.quota("hour", 10, ofHours(1)));
        var grant = granted(NOW, ask(hour, 10, 10, ZERO));

        ScopeLaw.release(state, new Refund(SCOPE, hour, 3, List.of(), grant.buckets()));

        assertThat(granted(NOW, ask(hour, 1, 10, ZERO)).n()).isEqualTo(3);
    }

    @Test
    void the_higher_version_rules_both_sides_of_a_rolling_update() {
        var old = Policy.of(1, Map.of("c", List.of(new Limit("x", 10, ofSeconds(1), 1, Mode.NOMINAL))));
        var next = Policy.of(2, Map.of("c", List.of(new Limit("x", 5, ofSeconds(1), 1, Mode.NOMINAL))));

        granted(NOW, ask(next.tariff("c"), 1, 1, ZERO));

        assertThat(refused(NOW, ask(old.tariff("c"), 1, 1, ZERO)).waitTicks()).isEqualTo(millis(200));
    }

    @Test
    void a_small_step_back_holds_the_time_and_a_large_one_shifts_the_state() {
        granted(NOW, ask(TEN, 1, 1, ZERO));

        assertThat(refused(NOW - millis(1_500), ask(TEN, 1, 1, ZERO)).waitTicks())
                .isEqualTo(T);
        assertThat(refused(NOW - millis(3_600_000), ask(TEN, 1, 1, ZERO)).waitTicks())
                .isEqualTo(T);
        assertThat(granted(NOW - millis(3_599_900), ask(TEN, 1, 1, ofSeconds(1)))
                        .n())
                .isEqualTo(1);
    }

    @Test
    void active_nodes_are_those_of_the_last_seconds() {
        for (long node = 1; node <= 5; node++) {
            ScopeLaw.acquire(state, NOW, new LeaseRequest(SCOPE, TEN, node, 1, 1, millis(2_000)));
        }
        assertThat(refused(NOW, ask(TEN, 1, 1, ZERO)).standing().activeNodes()).isEqualTo(5);

        granted(NOW + millis(4_000), ask(TEN, 1, 1, ZERO));
        assertThat(refused(NOW + millis(4_000), ask(TEN, 2, 2, ZERO)).standing().activeNodes())
                .isEqualTo(1);
    }

    @Test
    void marks_of_many_nodes_are_pruned() {
        for (long node = 1; node <= 1_000; node++) {
            ScopeLaw.acquire(state, NOW + millis(100 * node), new LeaseRequest(SCOPE, TEN, node, 1, 1, 0));
        }
        assertThat(state.keySet().stream()
                        .filter(field -> field.startsWith("n:"))
                        .count())
                .isLessThanOrEqualTo(65);
    }

    private Granted granted(long now, LeaseRequest request) {
        var reply = ScopeLaw.acquire(state, now, request);
        assertThat(reply).isInstanceOf(Granted.class);
        return (Granted) reply;
    }

    private Refused refused(long now, LeaseRequest request) {
        var before = Map.copyOf(state);
        var reply = ScopeLaw.acquire(state, now, request);
        assertThat(reply).isInstanceOf(Refused.class);
        assertThat(state).as("a refusal writes nothing").isEqualTo(before);
        return (Refused) reply;
    }
}
