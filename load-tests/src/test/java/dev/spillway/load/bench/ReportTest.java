// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Scenario SCENARIO = new Scenario(1, 512);

    @Test
    void a_busy_machine_is_named_before_its_figures() {
        assertThat(report(0.4).markdown()).contains("Others used 40 % of the machine");
        assertThat(report(0.01).markdown()).doesNotContain("Others used");
    }

    @Test
    void who_did_not_take_part_is_named_with_the_reason() {
        assertThat(report(0).markdown()).contains("Skipped: node: there is no node here");
    }

    @Test
    void a_miss_is_called_a_miss() {
        assertThat(report(0).markdown()).contains("| everysec | Redis CPU per event | <= 2 us | 3.00 us | MISS |");
    }

    private static Report report(double othersShare) {
        var round = new Round(Contender.SPILLWAY, 1, SCENARIO, 1_000, 1, 1, 0, 0, 0, 1, 1, 3, 3, 1, othersShare);
        var skipped = Map.of("node", "there is no node here");
        var stage = new StageResult(Durability.EVERYSEC, "7", skipped, List.of(round), List.of(), null);
        var machine = new Machine("2026-11-22", 2, "p", "m", "s", "j", 0.5);
        return new Report(machine, "", List.of(SCENARIO), List.of(stage));
    }
}
