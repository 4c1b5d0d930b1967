// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All that was measured at one durability. */
record StageResult(
        Durability durability,
        String redis,
        Map<String, String> skipped,
        List<Round> rounds,
        List<PacedRound> paced,
        @Nullable SpikeResult spike) {
    List<Round> rounds(Scenario scenario, String contender) {
        return rounds.stream()
                .filter(round ->
                        round.scenario().equals(scenario) && round.contender().equals(contender))
                .toList();
    }

    Sample sample(Scenario scenario, String contender, ToDoubleFunction<Round> figure) {
        return Sample.of(
                rounds(scenario, contender).stream().map(figure::applyAsDouble).toList());
    }

    Sample pacedSample(String contender, ToDoubleFunction<PacedRound> figure) {
        return Sample.of(paced.stream()
                .filter(round -> round.contender().equals(contender))
                .map(figure::applyAsDouble)
                .toList());
    }

    /** Spillway's events per second by another's, round by round. */
    Sample ratio(Scenario scenario, String other) {
        var theirs = rounds(scenario, other);
        var ours = rounds(scenario, Contender.SPILLWAY);
        return Sample.of(Stream.iterate(0, i -> i < Math.min(ours.size(), theirs.size()), i -> i + 1)
                .map(i -> ours.get(i).eventsPerSecond() / theirs.get(i).eventsPerSecond())
                .toList());
    }

    long lost() {
        return rounds.stream().mapToLong(Round::lost).sum()
                + paced.stream().mapToLong(PacedRound::lost).sum()
                + (spike == null ? 0 : spike.lost());
    }
}
