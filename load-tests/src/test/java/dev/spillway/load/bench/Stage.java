// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything at one durability: a fresh Redis, fresh contenders, and rounds that take turns. */
final class Stage {
    /** Distinct bodies of a round; fewer of many events, so that their file stays small. */
    private static final int BODIES = 2_000;

    private static final int PACED_ROUNDS = 3;
    private static final int PACED_CONNECTIONS = 512;
    /** Requests under way when wrk stops are answered, and stored, within this time. */
    private static final long SETTLE_MILLIS = 300;

    private final BenchSettings settings;
    private final Durability durability;
    private final RedisServer redis;
    private final Wrk wrk;
    private final Path folder;
    private final List<Contender> contenders = new ArrayList<>();
    private final Map<String, String> skipped = new LinkedHashMap<>();
    private int runs;

    private Stage(BenchSettings settings, Durability durability, RedisServer redis, Wrk wrk, Path folder) {
        this.settings = settings;
        this.durability = durability;
        this.redis = redis;
        this.wrk = wrk;
        this.folder = folder;
    }

    static StageResult run(
            BenchSettings settings, Tools tools, Path redisServer, Durability durability, WorkFolder work)
            throws IOException, InterruptedException, Skipped {
        var folder = work.make(durability.appendfsync());
        var wrk = new Wrk(tools.program("wrk", "wrk"), folder);
        try (var redis = RedisServer.start(redisServer, folder, durability)) {
            var stage = new Stage(settings, durability, redis, wrk, folder);
            try {
                return stage.run(new Starter(settings, tools, durability, redis.port(), folder));
            } finally {
                stage.contenders.forEach(Contender::close);
            }
        }
    }

    private StageResult run(Starter starter) throws IOException, InterruptedException {
        say("%n== appendfsync %s, %s", durability.appendfsync(), redis.version());
        start(starter);
        for (var contender : contenders) {
            var round = round(contender, 0, settings.scenarios().getFirst(), settings.warmUpSeconds());
            say("  warm-up  %-9s %,9.0f events/s", contender.name(), round.eventsPerSecond());
        }
        var rounds = new ArrayList<Round>();
        for (var scenario : settings.scenarios()) {
            for (var number = 1; number <= settings.rounds(); number++) {
                for (var contender : contenders) {
                    var round = round(contender, number, scenario, settings.seconds());
                    rounds.add(round);
                    say(
                            "  %-7s round %d  %-9s %,9.0f events/s  p50 %6.1f ms  p99 %6.1f ms  Redis %5.2f us/event"
                                    + "  CPU %6.1f ms/1000  others %2.0f %%  lost %d%s",
                            scenario,
                            number,
                            contender.name(),
                            round.eventsPerSecond(),
                            round.p50Millis(),
                            round.p99Millis(),
                            round.redisCommandMicros(),
                            round.cpuMillisPerThousand(),
                            round.othersShare() * 100,
                            round.lost(),
                            round.refused() + round.broken() == 0
                                    ? ""
                                    : "  refused " + round.refused() + " broken " + round.broken());
                }
            }
        }
        var done = new StageResult(durability, redis.version(), skipped, rounds, List.of(), null);
        var paced = paced(done);
        return new StageResult(durability, redis.version(), skipped, rounds, paced, spike());
    }

    private void start(Starter starter) throws IOException, InterruptedException {
        for (var name : settings.contenders()) {
            try {
                contenders.add(starter.start(name));
            } catch (Skipped reason) {
                skipped.put(name, String.valueOf(reason.getMessage()));
                say("  %s is skipped: %s", name, skipped.getOrDefault(name, ""));
            }
        }
    }

    // Message ids are new in every round: what an earlier one stored cannot be taken for this one's.
    private Round round(Contender contender, int number, Scenario scenario, int seconds)
            throws IOException, InterruptedException {
        runs++;
        var run = "r" + runs;
        var file = folder.resolve("requests");
        var bodies = Math.max(100, BODIES / scenario.events());
        try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
            new Bodies(run, System.currentTimeMillis(), scenario.events()).write(out, bodies);
        }
        contender.child().requireRunning();
        var meter = Meter.start(contender, redis);
        var result = wrk.run(contender.port(), scenario.connections(), seconds, file);
        var used = meter.used();
        Thread.sleep(SETTLE_MILLIS);
        var stored = StoredEvents.read(redis.socket(), contender.streams(), run);
        forget(contender);
        return Round.of(contender, number, scenario, result, stored, used, bodies);
    }

    private List<PacedRound> paced(StageResult done) throws IOException, InterruptedException {
        var scenario = Targets.mainScenario(settings.scenarios());
        var rate = (int) (done.sample(scenario, Contender.SPILLWAY, Round::eventsPerSecond)
                        .median()
                / 2);
        var rounds = new ArrayList<PacedRound>();
        if (settings.pacedSeconds() == 0 || rate < 1) {
            return rounds;
        }
        say("  open loop at half of Spillway's rate: %,d events/s", rate);
        for (var number = 1; number <= PACED_ROUNDS; number++) {
            for (var contender : contenders) {
                if (contender.name().equals(Contender.SPILLWAY)
                        || contender.name().equals(Contender.BARE)) {
                    rounds.add(paced(contender, rate));
                }
            }
        }
        return rounds;
    }

    private PacedRound paced(Contender contender, int rate) throws IOException, InterruptedException {
        runs++;
        var run = "p" + runs;
        var schedule = Schedule.of(List.of(new Schedule.Step(rate, settings.pacedSeconds())));
        var paced = OpenLoop.run(
                contender.port(), PACED_CONNECTIONS, new Bodies(run, System.currentTimeMillis(), 1), schedule);
        var acked = paced.acked();
        var notOk = schedule.dueNanos().length - acked.cardinality();
        acked.andNot(StoredEvents.read(redis.socket(), contender.streams(), run).distinct());
        forget(contender);
        var round = new PacedRound(
                contender.name(),
                rate,
                paced.millis(0.5),
                paced.millis(0.99),
                paced.millis(0.999),
                notOk,
                contender.stores() ? acked.cardinality() : 0);
        say(
                "  paced   %-9s p50 %6.2f ms  p99 %6.2f ms  p99.9 %6.2f ms  not 200: %d  lost %d",
                round.contender(), round.p50(), round.p99(), round.p999(), round.notOk(), round.lost());
        return round;
    }

    private @Nullable SpikeResult spike() throws IOException, InterruptedException {
        for (var contender : contenders) {
            if (contender.name().equals(Contender.SPILLWAY) && settings.spikeSeconds() > 0) {
                say("  spike to %,d events/s for %d s", settings.spikeRate(), settings.spikeSeconds());
                var spike = Spike.run(contender, redis, settings.spikeRate(), settings.spikeSeconds());
                say("  spike   statuses %s  lost %d  p99 by second %s", spike.statuses(), spike.lost(), rounded(spike));
                return spike;
            }
        }
        return null;
    }

    private void forget(Contender contender) throws IOException, InterruptedException {
        if (contender.stores()) {
            redis.forget(contender.keys());
        }
    }

    private static List<String> rounded(SpikeResult spike) {
        return spike.p99BySecond().stream()
                .map(millis -> String.format(Locale.ROOT, "%.1f", millis))
                .toList();
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
