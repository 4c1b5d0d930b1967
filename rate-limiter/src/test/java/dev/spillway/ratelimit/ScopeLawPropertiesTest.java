// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import static dev.spillway.ratelimit.Laws.NOW;
import static dev.spillway.ratelimit.Laws.SCOPE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.ratelimit.LeaseReply.Granted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The law's invariants on random schedules; a failure prints the seed. */
class ScopeLawPropertiesTest {
    /** I1, I2: whoever asks with whatever lead, however late within the lateness units are used, whatever the factor does. */
    @Property(tries = 300)
    void no_window_of_any_limit_ever_holds_more_than_it_promises(@ForAll long seed) {
        var random = new Random(seed);
        var limits = limits(random);
        var policy = Policy.of(
                1,
                Map.of(
                        "text", List.of(limits.get(0), limits.get(2)),
                        "media", List.of(limits.get(1), limits.get(2))));
        var uses = new HashMap<String, List<Long>>();
        var due = new HashMap<String, List<Long>>();
        var state = new HashMap<String, Long>();
        var now = NOW;
        for (int step = 0; step < 400; step++) {
            now += step(random);
            disturb(random, state, now);
            var contentClass = random.nextInt(3) == 0 ? "media" : "text";
            var need = 1 + random.nextInt(2);
            var request = new LeaseRequest(
                    SCOPE,
                    policy.tariff(contentClass),
                    1 + random.nextInt(4),
                    need,
                    need + random.nextInt(40),
                    random.nextInt(3) * Ticks.PER_SECOND,
                    random.nextInt(3) == 0 ? random.nextLong(Ticks.PER_SECOND / 2) : 0);
            if (ScopeLaw.acquire(state, now, request) instanceof Granted grant) {
                use(random, now + request.leadTicks(), grant, policy.limitsOf(contentClass), uses, due);
            }
        }
        for (var limit : limits) {
            var window = Ticks.of(limit.window());
            assertThat(Windows.worst(uses.getOrDefault(limit.id(), List.of()), window))
                    .as("%s, seed %d", limit, seed)
                    .isLessThanOrEqualTo(limit.worst());
            assertNeverEarly(limit, due.getOrDefault(limit.id(), List.of()));
        }
    }

    /** I1 for quotas: in every window, on any alignment. */
    @Property(tries = 100)
    void no_rolling_window_holds_more_than_the_quota(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 500) int permits) {
        var random = new Random(seed);
        var quota = Limit.quota("q", permits, Duration.ofSeconds(60 + random.nextInt(600)));
        var tariff = Laws.tariff(quota);
        var state = new HashMap<String, Long>();
        var uses = new ArrayList<Long>();
        var behind = 0L;
        var now = NOW;
        for (int step = 0; step < 500; step++) {
            now += random.nextLong(Ticks.of(quota.window()) / 20);
            if (random.nextInt(20) == 0) {
                behind += random.nextLong(Ticks.PER_SECOND); // the keeper's clock steps back
            }
            var want = 1 + random.nextInt(permits);
            if (ScopeLaw.acquire(state, now - behind, new LeaseRequest(SCOPE, tariff, 1, 1, want, 0))
                    instanceof Granted grant) {
                for (int k = 0; k < grant.n(); k++) {
                    uses.add(now + random.nextLong(Ticks.of(quota.lateness())));
                }
            }
        }
        assertThat(Windows.worst(uses, Ticks.of(quota.window()))).isLessThanOrEqualTo(permits);
    }

    /** I3. */
    @Property(tries = 300)
    void a_grant_debits_every_limit_alike_and_a_refusal_writes_nothing(@ForAll long seed) {
        var random = new Random(seed);
        var limits = new ArrayList<>(limits(random));
        limits.add(Limit.quota("q", 1 + random.nextInt(200), Duration.ofSeconds(100)));
        var tariff = Laws.tariff(limits.toArray(Limit[]::new));
        var state = new HashMap<String, Long>();
        var now = NOW;
        for (int step = 0; step < 200; step++) {
            now += step(random);
            var need = 1 + random.nextInt(3);
            var request = new LeaseRequest(
                    SCOPE, tariff, 1, need, need + random.nextInt(30), random.nextInt(2) * Ticks.PER_SECOND);
            var before = Map.copyOf(state);
            var look = new LeaseRequest(SCOPE, tariff, LeaseRequest.NOBODY, need, request.want(), request.aheadTicks());
            var foreseen = ScopeLaw.acquire(state, now, look);
            assertThat(state).as("a look writes nothing").isEqualTo(before);
            if (ScopeLaw.acquire(state, now, request) instanceof Granted grant) {
                assertThat(foreseen).isInstanceOfSatisfying(Granted.class, same -> assertThat(same.timelines())
                        .isEqualTo(grant.timelines()));
                assertThat(grant.n()).isBetween((long) need, request.want());
                assertDebited(before, state, tariff, grant, now);
            } else {
                assertThat(state).isEqualTo(before);
            }
        }
    }

    /** I4: reservations lose nothing to the time between calls. */
    @Property(tries = 100)
    void a_backlogged_node_gets_the_whole_rate(@ForAll long seed, @ForAll @IntRange(min = 1, max = 2_000) int permits) {
        var random = new Random(seed);
        var limit = Limit.hard("x", permits, Duration.ofSeconds(1));
        var tariff = Laws.tariff(limit);
        var state = new HashMap<String, Long>();
        var batch = Math.clamp(permits / 20, 1, 64);
        var sent = 0L;
        var now = NOW;
        var duration = 60 * Ticks.PER_SECOND;
        while (now < NOW + duration) {
            if (ScopeLaw.acquire(state, now, new LeaseRequest(SCOPE, tariff, 1, 1, batch, 2 * Ticks.PER_SECOND))
                    instanceof Granted grant) {
                sent += grant.n();
            }
            now += random.nextLong(Ticks.PER_MILLI * 40);
        }
        var expected = duration / limit.interval();
        var reserved = 2 * Ticks.PER_SECOND / limit.interval() + limit.burst() + 1;
        assertThat(sent).isBetween(expected - 2L * batch, expected + reserved);
    }

    /** A lead shifts instants; it takes nothing from the others' rate while there is work for all. */
    @Property(tries = 100)
    void leads_of_some_cost_the_others_nothing(
            @ForAll long seed, @ForAll @IntRange(min = 20, max = 2_000) int permits) {
        var random = new Random(seed);
        var limit = Limit.hard("x", permits, Duration.ofSeconds(1));
        var tariff = Laws.tariff(limit);
        var state = new HashMap<String, Long>();
        var batch = Math.clamp(permits / 20, 1, 64);
        var sent = 0L;
        var duration = 20 * Ticks.PER_SECOND;
        for (var now = NOW; now < NOW + duration; now += random.nextLong(Ticks.PER_MILLI * 40)) {
            var lead = random.nextBoolean() ? random.nextLong(Ticks.PER_SECOND / 2) : 0;
            if (ScopeLaw.acquire(
                            state, now, new LeaseRequest(SCOPE, tariff, 1, 1, batch, 2 * Ticks.PER_SECOND - lead, lead))
                    instanceof Granted grant) {
                sent += grant.n();
            }
        }
        assertThat(sent).isGreaterThan(duration / limit.interval() - 2L * batch);
    }

    private static List<Limit> limits(Random random) {
        return List.of(limit("text", 400, random), limit("media", 40, random), limit("total", 500, random));
    }

    private static Limit limit(String id, int permitsMax, Random random) {
        var permits = 1 + random.nextInt(permitsMax);
        var mode = random.nextInt(4) == 0 ? Mode.NOMINAL : Mode.HARD;
        var window = Duration.ofMillis(200 + random.nextInt(2_000));
        return new Limit(id, permits, window, 1 + random.nextInt(Math.min(permits, 20)), mode, Duration.ofMillis(30));
    }

    private static long step(Random random) {
        return switch (random.nextInt(10)) {
            case 0 -> random.nextLong(5 * Ticks.PER_SECOND);
            case 1, 2, 3 -> 0;
            default -> random.nextLong(20 * Ticks.PER_MILLI);
        };
    }

    /** Factors rise and fall while leases are out. */
    private static void disturb(Random random, Map<String, Long> state, long now) {
        if (random.nextInt(20) == 0) {
            var guard = 20L + random.nextInt(1_500);
            ScopeLaw.report(state, now, new Report(SCOPE, 1, Report.Kind.GUARDED, guard, 0));
        }
        if (random.nextInt(30) == 0) {
            ScopeLaw.report(state, now, new Report(SCOPE, 1, Report.Kind.THROTTLED, 0, state.getOrDefault("ep", 0L)));
        }
    }

    /** As a node may: from its latest instant on, up to half the lateness later, and a third of it on the way. */
    private static void use(
            Random random,
            long now,
            Granted grant,
            List<Limit> limits,
            Map<String, List<Long>> uses,
            Map<String, List<Long>> due) {
        for (long k = 1; k <= grant.n(); k++) {
            var latest = 0L;
            for (int i = 0; i < limits.size(); i++) {
                var line = grant.timelines().get(i);
                var instant = Math.max(0, line.offset() + (k - 1) * line.interval());
                due.computeIfAbsent(limits.get(i).id(), id -> new ArrayList<>()).add(now + instant);
                latest = Math.max(latest, instant);
            }
            var late = Ticks.of(Limit.DEFAULT_LATENESS) * 5 / 6 - 1;
            var used = now + latest + (random.nextBoolean() ? late : random.nextLong(late));
            for (var limit : limits) {
                uses.computeIfAbsent(limit.id(), id -> new ArrayList<>()).add(used);
            }
        }
    }

    /** The lemma itself: the first and the last of any m units fall due at least (m - burst) intervals apart. */
    private static void assertNeverEarly(Limit limit, List<Long> inAnyOrder) {
        var due = inAnyOrder.stream().sorted().toList();
        for (int i = 0; i < due.size(); i++) {
            for (int j = i; j < Math.min(due.size(), i + 50); j++) {
                if (due.get(j) - due.get(i) < (j - i + 1L - limit.burst()) * limit.interval()) {
                    throw new AssertionError("units " + i + " and " + j + " of " + limit + " fall due too close");
                }
            }
        }
    }

    private static void assertDebited(
            Map<String, Long> before, Map<String, Long> after, Tariff tariff, Granted grant, long now) {
        for (int i = 0; i < tariff.rates().size(); i++) {
            var rate = tariff.rates().get(i);
            var tat = Math.max(before.getOrDefault("t:" + rate.id(), now + rate.tolerance()), now);
            var line = grant.timelines().get(i);
            assertThat(line.interval()).isGreaterThanOrEqualTo(rate.interval());
            assertThat(line.end())
                    .isEqualTo(now + rate.tolerance() + line.offset() + grant.n() * line.interval())
                    .isGreaterThanOrEqualTo(tat + grant.n() * rate.interval());
            assertThat(after).containsEntry("t:" + rate.id(), line.end());
        }
        var quota = tariff.quotas().getFirst();
        var sum = after.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("b:"))
                .mapToLong(Map.Entry::getValue)
                .sum();
        assertThat(after).containsEntry("s:" + quota.id(), sum);
        assertThat(sum).isLessThanOrEqualTo(quota.permits());
    }
}
