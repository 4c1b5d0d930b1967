// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.benchmark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The figures of interleaved rounds, A B C A B C, so that a busy moment meets all alike. */
record Samples(Map<String, List<double[]>> byName) {
    static Samples of(int rounds, List<? extends Contender> contenders, Function<Contender, double[]> run) {
        var byName = new LinkedHashMap<String, List<double[]>>();
        for (int r = 0; r < rounds; r++) {
            for (var contender : contenders) {
                byName.computeIfAbsent(contender.name(), name -> new ArrayList<>())
                        .add(run.apply(contender));
            }
        }
        return new Samples(byName);
    }

    /** One line of each. */
    void print(Line line) {
        byName.forEach((name, rows) -> line.of(name, new Figures(rows)));
    }

    /** Prints the figures of one contender. */
    interface Line {
        void of(String name, Figures figures);
    }

    /** All rounds of one contender. */
    record Figures(List<double[]> rows) {
        double median(int column) {
            var sorted = rows.stream().mapToDouble(row -> row[column]).sorted().toArray();
            return sorted[sorted.length / 2];
        }

        double least(int column) {
            return rows.stream().mapToDouble(row -> row[column]).min().orElse(Double.NaN);
        }

        double most(int column) {
            return rows.stream().mapToDouble(row -> row[column]).max().orElse(Double.NaN);
        }
    }
}
