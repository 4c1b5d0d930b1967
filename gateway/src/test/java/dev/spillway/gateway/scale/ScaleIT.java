// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.scale;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The small plan; the full one is a program of its own, see docs/benchmarks.md. */
final class ScaleIT {
    private static final long SEED = 20_261_224;

    @Test
    @Timeout(400)
    void workers_come_go_die_and_sleep_and_every_text_has_one_reply_in_its_turn() throws Exception {
        var report = ScaleRun.of(ScalePlan.small(SEED));

        System.out.print(report.describe());
        assertThat(report.keepsPromises()).as(report.describe()).isTrue();
        assertThat(report.kills()).isEqualTo(3);
        assertThat(report.stops()).isEqualTo(2);
        assertThat(report.takeovers()).isNotEmpty();
        assertThat(report.fencedThemselves())
                .as("partitions dropped by who slept")
                .isPositive();
    }
}
