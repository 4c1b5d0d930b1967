// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import static dev.spillway.ratelimit.Laws.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** I15: the invariants of a shared breaker on random schedules of calls, with a clock that goes both ways. */
class BreakerLawPropertiesTest {
    private static final BreakerKey HOST = new BreakerKey("host");
    private static final long PROBE_TIME = 11 * Ticks.PER_SECOND;

    @Property(tries = 500)
    void one_opening_per_generation_and_one_probe_at_a_time(@ForAll long seed) {
        var random = new Random(seed);
        var state = new HashMap<String, Long>();
        var now = NOW;
        var generation = 0L;
        var open = false;
        var probeEnd = 0L;
        for (int step = 0; step < 300; step++) {
            now += random.nextLong(3 * Ticks.PER_SECOND);
            var call = call(random, generation);
            var before = Map.copyOf(state);
            var after = BreakerLaw.call(state, now, call);

            assertThat(after.generation()).isBetween(generation, generation + 1);
            if (after.open() && !open) {
                assertThat(after.generation()).as("an opening is a generation").isEqualTo(generation + 1);
            }
            if (after.probe()) {
                assertThat(after.open()).isTrue();
                assertThat(probeEnd).as("the last probe is over").isLessThanOrEqualTo(now);
                probeEnd = now + PROBE_TIME;
            } else if (ends(call, before)) {
                probeEnd = 0;
            }
            if (!after.open() || after.generation() > generation) {
                probeEnd = after.probe() ? probeEnd : 0;
            }
            if (isResult(call) && call.generation() < generation) {
                assertThat(state).as("a late result changes nothing").isEqualTo(before);
            }
            generation = after.generation();
            open = after.open();
        }
    }

    /** Never stuck: if nobody ever answers again, a probe is to be had in the end, and two successes close it. */
    @Property(tries = 300)
    void every_open_state_has_an_end(@ForAll long seed) {
        var random = new Random(seed);
        var state = new HashMap<String, Long>();
        var now = NOW;
        for (int step = 0; step < 100; step++) {
            now += random.nextLong(5 * Ticks.PER_SECOND) - (random.nextInt(20) == 0 ? random.nextLong(NOW / 1_000) : 0);
            BreakerLaw.call(state, now, call(random, state.getOrDefault("gen", 0L)));
        }
        for (int probe = 0; probe < 2; probe++) {
            var stand = look(state, now);
            if (!stand.open()) {
                return;
            }
            now += stand.waitTicks();
            var given = BreakerLaw.call(state, now, of(BreakerCall.Kind.PROBE, 99, stand.generation(), PROBE_TIME));
            assertThat(given.probe()).isTrue();
            BreakerLaw.call(state, now, of(BreakerCall.Kind.PROBE_SUCCEEDED, 99, stand.generation(), 0));
        }
        assertThat(look(state, now).open()).isFalse();
    }

    @Property(tries = 300)
    void while_it_is_held_closed_no_vote_opens_it_and_then_votes_count_again(@ForAll long seed) {
        var random = new Random(seed);
        var state = new HashMap<String, Long>();
        var held = 1 + random.nextLong(60 * Ticks.PER_SECOND);
        BreakerLaw.call(state, NOW, of(BreakerCall.Kind.FORCE_CLOSED, 1, 0, held));
        for (int step = 0; step < 50; step++) {
            var stand = BreakerLaw.call(
                    state, NOW + random.nextLong(held), of(BreakerCall.Kind.VOTE, random.nextInt(5), 0, 0));
            assertThat(stand.open()).isFalse();
            assertThat(stand.heldTicks()).isPositive();
        }
        BreakerLaw.call(state, NOW + held, of(BreakerCall.Kind.VOTE, 1, 0, 0));
        assertThat(BreakerLaw.call(state, NOW + held, of(BreakerCall.Kind.VOTE, 2, 0, 0))
                        .open())
                .isTrue();
    }

    private static BreakerState look(Map<String, Long> state, long now) {
        return BreakerLaw.call(state, now, of(BreakerCall.Kind.LOOK, 1, 0, 0));
    }

    private static BreakerCall call(Random random, long generation) {
        var kinds = BreakerCall.Kind.values();
        var kind = kinds[random.nextInt(random.nextInt(10) == 0 ? kinds.length : 5)];
        var ticks =
                switch (kind) {
                    case PROBE -> PROBE_TIME;
                    case FORCE_OPEN, FORCE_CLOSED -> random.nextLong(20 * Ticks.PER_SECOND);
                    case LOOK, VOTE, PROBE_SUCCEEDED, PROBE_FAILED, PROBE_RETURNED -> 0L;
                };
        return of(kind, 1 + random.nextInt(4), Math.max(0, generation - random.nextInt(4) / 3), ticks);
    }

    private static BreakerCall of(BreakerCall.Kind kind, long node, long generation, long ticks) {
        return new BreakerCall(HOST, node, kind, 3, generation, ticks);
    }

    private static boolean isResult(BreakerCall call) {
        return switch (call.kind()) {
            case PROBE_SUCCEEDED, PROBE_FAILED, PROBE_RETURNED -> true;
            case LOOK, VOTE, PROBE, FORCE_OPEN, FORCE_CLOSED -> false;
        };
    }

    /** Whether the call is the word of whoever holds the probe. */
    private static boolean ends(BreakerCall call, Map<String, Long> before) {
        return isResult(call)
                && before.getOrDefault("po", 0L) == call.node()
                && before.getOrDefault("gen", 0L) == call.generation();
    }
}
