// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class WorkReportTest {
    private static final WorkCase BASE = new WorkCase(64, 0, 1);
    private static final WorkCase OTHER = new WorkCase(64, 1_000_000, 1);

    /** In a second; a script and the worker cost so many microseconds each, and Redis twice that of the script. */
    private static WorkRound round(long events, long scripts, long worker) {
        return new WorkRound(1, events, scripts * events, 2 * scripts * events, worker * events);
    }

    private static String rowOfOther(WorkRound... rounds) {
        var all = new LinkedHashMap<WorkCase, List<WorkRound>>();
        all.put(BASE, List.of(round(10_000, 5, 20), round(20_000, 5, 20)));
        all.put(OTHER, List.of(rounds));
        return WorkReport.of(BASE, all, Map.of(OTHER, 64L << 20))
                .lines()
                .toList()
                .getLast();
    }

    @Test
    void what_costs_a_tenth_more_in_each_round_is_a_hit() {
        assertThat(rowOfOther(round(9_500, 6, 21), round(19_000, 6, 21)))
                .startsWith("| P = 64, backlog 1 M, guard 420 k | 14,250 (9,500–19,000) | 6.0 (6.0–6.0) | 12.0 ")
                .contains("| 1.10 (1.10–1.10) | 0.95 (0.95–0.95) | hit | 64 |");
    }

    @Test
    void what_costs_a_fifth_more_or_is_a_fifth_slower_is_a_miss() {
        assertThat(rowOfOther(round(10_000, 6, 24), round(20_000, 6, 24))).contains("**miss**");
        assertThat(rowOfOther(round(8_000, 5, 20), round(16_000, 5, 20))).contains("**miss**");
    }
}
