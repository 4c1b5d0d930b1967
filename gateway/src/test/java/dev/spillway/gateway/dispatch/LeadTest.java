// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LeadTest {
    private final Lead lead = new Lead();

    private void took(long millis, int times) {
        for (var i = 0; i < times; i++) {
            lead.took(Duration.ofMillis(millis).toNanos());
        }
    }

    @Test
    void on_a_fast_machine_a_reply_waits_for_next_to_nothing() {
        took(1, 300);

        assertThat(lead.present()).isEqualTo(Duration.ofMillis(3));
    }

    @Test
    void on_a_slow_machine_it_grows_within_a_few_replies_and_never_beyond_its_bound() {
        took(1, 300);
        took(15, 12);
        assertThat(lead.present()).isEqualTo(Duration.ofMillis(20));

        took(60_000, 100);
        assertThat(lead.present()).isEqualTo(Duration.ofMillis(40));
    }

    @Test
    void one_slow_reply_among_fast_ones_changes_it_for_a_moment_only() {
        took(1, 300);
        took(50, 1);
        took(1, 120);

        assertThat(lead.present()).isEqualTo(Duration.ofMillis(3));
    }
}
