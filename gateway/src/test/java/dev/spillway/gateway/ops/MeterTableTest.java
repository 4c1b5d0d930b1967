// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MeterTableTest {
    private static final String SCRAPE = """
        # HELP spillway_ingest_requests_total Requests
        # TYPE spillway_ingest_requests_total counter
        spillway_ingest_requests_total{status="200"} 1.0
        # TYPE spillway_ingest_append_seconds histogram
        spillway_ingest_append_seconds_bucket{le="0.1"} 1
        spillway_ingest_append_seconds_count 1
        spillway_ingest_append_seconds_sum 0.5
        # TYPE spillway_ingest_append_seconds_max gauge
        spillway_ingest_append_seconds_max 0.5
        # TYPE jvm_threads_live_threads gauge
        jvm_threads_live_threads 10.0
        """;

    private static final String ROWS = """
        | `spillway_ingest_requests_total` | counter | `status` | Webhooks. |
        | `spillway_ingest_append_seconds` | histogram | – | Appends. |
        """;

    @Test
    void a_table_that_has_everything_leaves_nothing_unlisted_and_misses_nothing() {
        var table = MeterTable.of(ROWS);

        assertThat(table.unlisted(SCRAPE)).isEmpty();
        assertThat(table.missing(SCRAPE, "spillway_")).isEmpty();
    }

    @Test
    void a_meter_without_its_row_or_with_another_type_or_tag_is_unlisted() {
        var table = MeterTable.of("""
            | `spillway_ingest_requests_total` | counter | – | Without its tag. |
            """);

        assertThat(table.unlisted(SCRAPE))
                .containsExactly(
                        "spillway_ingest_append_seconds (histogram) []",
                        "spillway_ingest_requests_total (counter) [status]");
    }

    @Test
    void a_row_without_its_meter_is_missing() {
        var table = MeterTable.of(ROWS + "| `spillway_ingest_gone` | gauge | – | No more. |\n");

        assertThat(table.missing(SCRAPE, "spillway_ingest_")).containsExactly("spillway_ingest_gone");
        assertThat(table.missing(SCRAPE, "spillway_other_")).isEmpty();
    }
}
