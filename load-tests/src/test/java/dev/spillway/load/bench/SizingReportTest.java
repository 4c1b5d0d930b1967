// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SizingReportTest {
    @Test
    void a_figure_at_its_most_is_a_hit_and_one_above_it_a_miss() {
        assertThat(new MemoryFigure("event", 100, 50, 95_000, 90_000, 950))
                .hasToString("| event | 100 | 2.0 | 950.0 | 900.0 | 950 | HIT |");
        assertThat(new MemoryFigure("event", 100, 50, 95_100, 90_000, 950).toString())
                .endsWith("| 951.0 | 900.0 | 950 | MISS |");
        assertThat(SizingReport.figures(List.of(new MemoryFigure("event", 1, 1, 1, 1, 1)))
                        .lines())
                .hasSize(3);
    }

    @Test
    void an_outage_fits_into_the_streams_part_of_the_memory_as_redis_counts_it() {
        var needs = new SizingReport.Needs(900, 1_000, 0);

        assertThat(needs.maxmemory(1_000, Duration.ofMinutes(5))).isCloseTo(1_000 * 1_000.0 * 300 / 0.6, within(1.0));
    }

    @Test
    void with_a_days_keys_it_stays_below_where_everything_is_refused() {
        var needs = new SizingReport.Needs(900, 1_000, 25);

        assertThat(needs.maxmemory(1_000, Duration.ofMinutes(5)))
                .isCloseTo((1_000 * 900.0 * 300 + 1_000 * 25.0 * 86_400) / 0.85, within(1.0));
    }

    @ParameterizedTest
    @CsvSource({
        "1,1.0 MB",
        "1230000,1.3 MB",
        "9990000,10 MB",
        "123000000,130 MB",
        "1000000000,1.0 GB",
        "24100000000,25 GB"
    })
    void sizes_are_rounded_up_to_two_digits(double bytes, String text) {
        assertThat(SizingReport.size(bytes)).isEqualTo(text);
    }

    @Test
    void the_table_has_a_row_for_each_rate() {
        assertThat(SizingReport.table(new SizingReport.Needs(900, 1_000, 25)).lines())
                .hasSize(6)
                .allMatch(line -> line.startsWith("| "));
    }

    @Test
    void buffers_that_are_gone_a_moment_later_are_not_data() {
        var memory = RedisMemory.of(String.join(
                "\r\n",
                "# Memory",
                "used_memory:1000",
                "used_memory_human:1K",
                "mem_clients_normal:30",
                "mem_aof_buffer:20",
                ""));

        assertThat(memory.data()).isEqualTo(950);
        assertThatThrownBy(() -> RedisMemory.of("used_memory:1000"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mem_clients_normal");
    }

    @Test
    void events_have_the_size_they_were_asked_for_and_ids_of_their_own() {
        var bodies = new SizedBodies("r", 1_800_000_000_000L, 500, 2);

        assertThat(bodies.event(0)).hasSize(500);
        assertThat(bodies.event(1)).hasSize(500).isNotEqualTo(bodies.event(0));
        assertThat(new String(bodies.request(3), US_ASCII))
                .contains("m_r_000000006", "m_r_000000007")
                .doesNotContain("m_r_000000008");
        assertThatThrownBy(() -> new SizedBodies("r", 1, 50, 1).event(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("event bytes: 50");
    }
}
