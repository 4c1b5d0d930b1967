// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What we want to reach, against what was measured. */
final class Targets {
    private static final double P99_MILLIS = 5;
    private static final double TIMES_BARE = 3;
    private static final double REDIS_MICROS = 2;
    private static final double BARE_SHARE = 0.55;
    /** The platform waits five seconds for an answer. */
    private static final double TIMELY_MILLIS = 5_000;

    private static final int BACK_SECONDS = 5;
    private static final long HEAP_GROWTH_BYTES = 32L << 20;

    /** One target; {@code measured} says in words what was seen. */
    record Target(String durability, String what, String wanted, String measured, boolean hit) {}

    private final StageResult result;
    private final List<Target> targets = new ArrayList<>();

    private Targets(StageResult result) {
        this.result = result;
    }

    /** The scenario that targets speak of: single events, and the most connections. */
    static Scenario mainScenario(List<Scenario> scenarios) {
        return scenarios.stream()
                .min(Comparator.comparingInt(Scenario::events).thenComparing(Scenario::connections, (a, b) -> b - a))
                .orElseThrow();
    }

    /** Of what was measured; nothing about a contender that did not take part. */
    static List<Target> of(StageResult result, List<Scenario> scenarios) {
        var targets = new Targets(result);
        var scenario = mainScenario(scenarios);
        if (!result.rounds(scenario, Contender.SPILLWAY).isEmpty()) {
            targets.ratios(scenario);
            targets.latency();
            targets.spike();
        }
        return targets.targets;
    }

    private void ratios(Scenario scenario) {
        var least = result.durability() == Durability.EVERYSEC ? 2.0 : 1.5;
        betterPeer(scenario).ifPresent(peer -> ratio(scenario, peer, least, "the better peer, " + peer));
        if (result.durability() == Durability.EVERYSEC
                && !result.rounds(scenario, Contender.BARE).isEmpty()) {
            ratio(scenario, Contender.BARE, BARE_SHARE, "the bare server");
        }
        var redis = result.sample(scenario, Contender.SPILLWAY, Round::redisCommandMicros);
        add("Redis CPU per event", "<= 2 us", text("%.2f us", redis.median()), redis.median() <= REDIS_MICROS);
    }

    private Optional<String> betterPeer(Scenario scenario) {
        return Stream.of(Contender.NGINX, Contender.NODE)
                .filter(peer -> !result.rounds(scenario, peer).isEmpty())
                .max(Comparator.comparingDouble(peer ->
                        result.sample(scenario, peer, Round::eventsPerSecond).median()));
    }

    private void ratio(Scenario scenario, String other, double least, String name) {
        var ratio = result.ratio(scenario, other);
        add(
                "events/s by those of " + name,
                text(">= %.2f", least),
                text("%.2f (%.2f-%.2f)", ratio.median(), ratio.least(), ratio.most()),
                ratio.median() >= least);
    }

    private void latency() {
        var p99 = result.pacedSample(Contender.SPILLWAY, PacedRound::p99);
        if (p99.count() == 0) {
            return;
        }
        add("p99 at half rate", "<= 5 ms", text("%.2f ms", p99.median()), p99.median() <= P99_MILLIS);
        var bare = result.pacedSample(Contender.BARE, PacedRound::p999);
        if (bare.count() > 0) {
            var ours = result.pacedSample(Contender.SPILLWAY, PacedRound::p999);
            var times = ours.median() / bare.median();
            add(
                    "p99.9 at half rate, by the bare server's",
                    "<= 3",
                    text("%.2f (%.2f ms by %.2f ms)", times, ours.median(), bare.median()),
                    times <= TIMES_BARE);
        }
    }

    private void spike() {
        var spike = result.spike();
        if (spike == null) {
            return;
        }
        var timely = Set.of(200, 503).containsAll(spike.statuses().keySet())
                && spike.slowestRefusalMillis() <= TIMELY_MILLIS;
        add("spike: lost", "0", Long.toString(spike.lost()), spike.lost() == 0);
        add("spike: only 200 or timely 503", "yes", spike.statuses().toString(), timely);
        var growth = spike.heapAfter() - spike.heapBefore();
        add(
                "spike: heap after a collection",
                "+32 MiB at most",
                text(
                        "%d MiB -> %d MiB (peak in use %d MiB)",
                        spike.heapBefore() >> 20, spike.heapAfter() >> 20, spike.heapPeak() >> 20),
                growth <= HEAP_GROWTH_BYTES);
        add(
                text("spike: p99 back at %.1f ms", spike.backMillis()),
                "within 5 s of its start and of its end",
                seconds(spike.settledAfterSeconds()) + " and " + seconds(spike.backAfterSeconds()),
                within(spike.settledAfterSeconds()) && within(spike.backAfterSeconds()));
    }

    private static boolean within(int seconds) {
        return seconds >= 0 && seconds <= BACK_SECONDS;
    }

    private static String seconds(int seconds) {
        return seconds < 0 ? "never" : seconds + " s";
    }

    private void add(String what, String wanted, String measured, boolean hit) {
        targets.add(new Target(result.durability().appendfsync(), what, wanted, measured, hit));
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
