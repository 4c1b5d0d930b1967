// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class StoredEventsTest {
    private final StoredEvents stored = new StoredEvents("r7");

    @Test
    void each_event_of_a_batch_is_found_by_its_message_id() {
        add("{\"event\":{\"message\":{\"mid\":\"m_r7_000000003\",\"text\":\"a\"}}}\n"
                + "{\"event\":{\"message\":{\"mid\":\"m_r7_000000005\",\"text\":\"b\"}}}");

        assertThat(stored.count()).isEqualTo(2);
        assertThat(stored.distinct()).isEqualTo(BitSet.valueOf(new long[] {0b101000}));
    }

    @Test
    void a_copy_counts_and_is_not_distinct() {
        add("{\"mid\":\"m_r7_000000003\"}");
        add("{\"mid\":\"m_r7_000000003\"}");

        assertThat(stored.count()).isEqualTo(2);
        assertThat(stored.distinct().cardinality()).isEqualTo(1);
    }

    @Test
    void events_of_another_run_and_other_fields_do_not_count() {
        add("{\"mid\":\"m_r77_000000003\"}");
        add("m_r7_000000003");
        add("{\"mid\":\"m_r7_");

        assertThat(stored.count()).isZero();
    }

    private void add(String value) {
        stored.add(value.getBytes(US_ASCII));
    }
}
