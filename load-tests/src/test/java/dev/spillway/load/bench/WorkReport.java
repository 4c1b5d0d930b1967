// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What the turns of the workers say, as a table. Pure. */
final class WorkReport {
    private static final double SPREAD_MAX = 0.15;
    private static final long MEBIBYTE = 1 << 20;

    private WorkReport() {}

    static String line(WorkRound round) {
        return String.format(
                Locale.ROOT,
                "%,.0f events/s, Redis %.1f us in scripts, %.1f us in all, worker %.1f us",
                round.eventsPerSecond(),
                round.scriptMicrosEach(),
                round.redisMicrosEach(),
                round.workerMicrosEach());
    }

    /** Ratios are of turns of the same round. The target is that nothing costs 15 % more than in the base. */
    static String of(WorkCase base, Map<WorkCase, List<WorkRound>> rounds, Map<WorkCase, Long> heaps) {
        var lines = new ArrayList<String>();
        lines.add("| Case | Events/s | Redis us/event: scripts | Redis us/event: process | Worker us/event |"
                + " Cost by the base's | Rate by the base's | Within 15 % | Heap MiB |");
        lines.add("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        rounds.forEach((what, turns) -> {
            var cost = ratio(turns, rounds.getOrDefault(base, List.of()), WorkReport::cost);
            var rate = ratio(turns, rounds.getOrDefault(base, List.of()), WorkRound::eventsPerSecond);
            var within = cost.median() <= 1 + SPREAD_MAX && rate.median() >= 1 - SPREAD_MAX;
            lines.add(String.join(
                    " | ",
                    "| " + what.name(),
                    figure(sample(turns, WorkRound::eventsPerSecond), "%,.0f"),
                    figure(sample(turns, WorkRound::scriptMicrosEach), "%.1f"),
                    figure(sample(turns, WorkRound::redisMicrosEach), "%.1f"),
                    figure(sample(turns, WorkRound::workerMicrosEach), "%.1f"),
                    what.equals(base) ? "–" : figure(cost, "%.2f"),
                    what.equals(base) ? "–" : figure(rate, "%.2f"),
                    what.equals(base) ? "–" : within ? "hit" : "**miss**",
                    heaps.getOrDefault(what, 0L) / MEBIBYTE + " |"));
        });
        return String.join("\n", lines) + "\n";
    }

    // Processor time; that of the scripts is by the wall clock, and counts time without a processor too.
    private static double cost(WorkRound round) {
        return round.redisMicrosEach() + round.workerMicrosEach();
    }

    private static Sample ratio(List<WorkRound> ours, List<WorkRound> base, ToDoubleFunction<WorkRound> figure) {
        return Sample.of(IntStream.range(0, Math.min(ours.size(), base.size()))
                .mapToObj(i -> figure.applyAsDouble(ours.get(i)) / figure.applyAsDouble(base.get(i)))
                .toList());
    }

    private static Sample sample(List<WorkRound> rounds, ToDoubleFunction<WorkRound> figure) {
        return Sample.of(rounds.stream().map(figure::applyAsDouble).toList());
    }

    private static String figure(Sample sample, String format) {
        return String.format(
                Locale.ROOT,
                format + " (" + format + "–" + format + ")",
                sample.median(),
                sample.least(),
                sample.most());
    }
}
