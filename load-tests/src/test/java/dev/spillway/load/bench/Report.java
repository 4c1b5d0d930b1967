// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a run found, for people and for machines.
 *
 * @param options that were given
 */
record Report(Machine machine, String options, List<Scenario> scenarios, List<StageResult> stages) {
    /** Less than that of a machine in the hands of others is noise. */
    private static final double QUIET = 0.05;

    /** All targets of all stages. */
    List<Targets.Target> targets() {
        return stages.stream()
                .flatMap(stage -> Targets.of(stage, scenarios).stream())
                .toList();
    }

    /** Writes {@code report.md} and {@code report.json}. */
    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("report.md"), markdown());
        var json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        json.writeValue(
                folder.resolve("report.json").toFile(),
                Map.of("machine", machine, "options", options, "stages", stages, "targets", targets()));
    }

    String markdown() {
        var lines = new ArrayList<String>();
        lines.add("# Ingest benchmark");
        lines.add("");
        machine.lines().forEach(line -> lines.add("- " + line));
        lines.add("- Options: " + options);
        for (var stage : stages) {
            stage(stage, lines);
        }
        targets(lines);
        return String.join("\n", lines) + "\n";
    }

    private void stage(StageResult stage, List<String> lines) {
        lines.add("");
        lines.add("## appendfsync " + stage.durability().appendfsync() + " (" + stage.redis() + ")");
        stage.skipped().forEach((name, reason) -> lines.add("\nSkipped: " + name + ": " + reason));
        var others = Sample.of(stage.rounds().stream().map(Round::othersShare).toList());
        if (others.median() > QUIET) {
            lines.add("");
            lines.add(text(
                    "**Others used %.0f %% of the machine in the median round: these are not its rates and"
                            + " latencies.**",
                    others.median() * 100));
        }
        for (var scenario : scenarios) {
            lines.add("");
            lines.add(text(
                    "Bodies of %d, %d connections; medians, in brackets the least and the most:",
                    scenario.events(), scenario.connections()));
            lines.add("");
            lines.add(
                    "| Contender | Events/s | p50 ms | p99 ms | Redis us/event: commands | all | CPU ms/1,000 events |"
                            + " Others use | Lost | Not 200 |");
            lines.add("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
            stage.rounds().stream()
                    .map(Round::contender)
                    .distinct()
                    .forEach(contender -> lines.add(row(stage, scenario, contender)));
        }
        paced(stage, lines);
        spike(stage, lines);
    }

    private static String row(StageResult stage, Scenario scenario, String contender) {
        var rate = stage.sample(scenario, contender, Round::eventsPerSecond);
        var rounds = stage.rounds(scenario, contender);
        return text(
                "| %s | %,.0f (%,.0f-%,.0f) | %.1f | %.1f | %.2f | %.2f | %.1f | %.0f %% | %d | %d |",
                contender,
                rate.median(),
                rate.least(),
                rate.most(),
                stage.sample(scenario, contender, Round::p50Millis).median(),
                stage.sample(scenario, contender, Round::p99Millis).median(),
                stage.sample(scenario, contender, Round::redisCommandMicros).median(),
                stage.sample(scenario, contender, Round::redisProcessMicros).median(),
                stage.sample(scenario, contender, Round::cpuMillisPerThousand).median(),
                stage.sample(scenario, contender, Round::othersShare).median() * 100,
                rounds.stream().mapToLong(Round::lost).sum(),
                rounds.stream()
                        .mapToLong(round -> round.refused() + round.broken())
                        .sum());
    }

    private static void paced(StageResult stage, List<String> lines) {
        if (stage.paced().isEmpty()) {
            return;
        }
        lines.add("");
        lines.add(text(
                "Open loop at %,d events/s, half of Spillway's rate; medians of %d rounds, from when a request was"
                        + " due:",
                stage.paced().getFirst().rate(),
                stage.pacedSample(Contender.SPILLWAY, PacedRound::p99).count()));
        lines.add("");
        lines.add("| Contender | p50 ms | p99 ms | p99.9 ms |");
        lines.add("| --- | --- | --- | --- |");
        stage.paced().stream()
                .map(PacedRound::contender)
                .distinct()
                .forEach(contender -> lines.add(text(
                        "| %s | %.2f | %.2f | %.2f |",
                        contender,
                        stage.pacedSample(contender, PacedRound::p50).median(),
                        stage.pacedSample(contender, PacedRound::p99).median(),
                        stage.pacedSample(contender, PacedRound::p999).median())));
    }

    private static void spike(StageResult stage, List<String> lines) {
        var spike = stage.spike();
        if (spike == null) {
            return;
        }
        lines.add("");
        lines.add(text(
                "Spike from 100 to %,d events/s for %d s, then 100 again: answers %s, lost %d; p99 by second in ms:",
                spike.rate(), spike.seconds(), spike.statuses(), spike.lost()));
        lines.add("");
        lines.add("    "
                + String.join(
                        " ",
                        spike.p99BySecond().stream()
                                .map(millis -> text("%.1f", millis))
                                .toList()));
    }

    private void targets(List<String> lines) {
        lines.add("");
        lines.add("## Targets");
        lines.add("");
        lines.add("| appendfsync | What | Wanted | Measured | |");
        lines.add("| --- | --- | --- | --- | --- |");
        for (var target : targets()) {
            lines.add(text(
                    "| %s | %s | %s | %s | %s |",
                    target.durability(),
                    target.what(),
                    target.wanted(),
                    target.measured(),
                    target.hit() ? "HIT" : "MISS"));
        }
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
