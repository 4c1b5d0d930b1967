// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetriesTest {
    private final Retries retries = new Retries(Duration.ofSeconds(1), Duration.ofHours(1));

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 0", "3, 0", "4, 1", "5, 2", "6, 4", "9, 32", "10, 60", "11, 60", "1000, 60"})
    void a_webhook_is_posted_again_at_once_three_times_and_then_less_and_less_often(int failures, int seconds) {
        assertThat(retries.pause(failures, Duration.ZERO)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void it_is_given_up_when_the_next_attempt_would_be_beyond_the_horizon() {
        assertThat(retries.pause(10, Duration.ofMinutes(59))).isEqualTo(Duration.ofMinutes(1));
        assertThat(retries.pause(10, Duration.ofMinutes(59).plusMillis(1))).isNull();
        assertThat(retries.pause(1, Duration.ofHours(1).plusMillis(1))).isNull();
    }
}
