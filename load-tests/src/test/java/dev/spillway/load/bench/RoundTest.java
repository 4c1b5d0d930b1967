// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoundTest {
    private static final Scenario SCENARIO = new Scenario(1, 2);
    private static final int BODIES = 3;

    @Test
    void nothing_is_lost_when_more_is_stored_than_was_answered() {
        assertThat(Round.lost(answered(5), SCENARIO, stored(0, 1, 2, 0, 1, 2), BODIES))
                .isZero();
    }

    @Test
    void fewer_events_than_answers_are_a_loss() {
        assertThat(Round.lost(answered(8), SCENARIO, stored(0, 1, 2, 0, 1, 2), BODIES))
                .isEqualTo(2);
    }

    @Test
    void a_body_that_was_surely_answered_and_is_not_there_is_a_loss() {
        assertThat(Round.lost(answered(5), SCENARIO, stored(0, 1, 0, 1, 0, 1), BODIES))
                .isEqualTo(1);
    }

    @Test
    void before_every_body_was_answered_none_of_them_need_be_there() {
        assertThat(Round.lost(answered(2), SCENARIO, stored(0, 1), BODIES)).isZero();
    }

    private static WrkResult answered(long requests) {
        return new WrkResult(requests, 1_000_000, 0, 0, 1, 1, 1);
    }

    private static StoredEvents stored(int... numbers) {
        var stored = new StoredEvents("r");
        for (var number : numbers) {
            stored.add("\"mid\":\"m_r_%09d\"".formatted(number).getBytes(US_ASCII));
        }
        return stored;
    }
}
