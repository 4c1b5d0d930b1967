// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.ingest.Patience.Limits;
import dev.spillway.gateway.ingest.Patience.Overdue;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private static final Limits LIMITS = new Limits(1_000, 2_000, 10_000, 3_000, 500, 10);

    private final Patience patience = new Patience(LIMITS, 0);

    @Test
    void a_connection_that_says_nothing_has_the_time_of_a_head() {
        assertThat(patience.overdue(1_010, false)).isEqualTo(Overdue.NOTHING);
        assertThat(patience.overdue(1_011, false)).isEqualTo(Overdue.HEAD);
    }

    @Test
    void bytes_do_not_prolong_a_head() {
        for (var now = 0; now < 1_000; now += 100) {
            patience.bytes(now);
        }

        assertThat(patience.overdue(1_011, false)).isEqualTo(Overdue.HEAD);
    }

    @Test
    void the_next_head_counts_from_its_first_byte() {
        patience.request(0);
        patience.answered(0);
        assertThat(patience.overdue(9_000, false)).isEqualTo(Overdue.NOTHING);

        patience.bytes(9_000);
        patience.bytes(9_900);

        assertThat(patience.overdue(10_010, false)).isEqualTo(Overdue.NOTHING);
        assertThat(patience.overdue(10_011, false)).isEqualTo(Overdue.HEAD);
    }

    @Test
    void between_two_requests_there_is_the_idle_time() {
        patience.request(100);
        patience.answered(200);

        assertThat(patience.overdue(10_210, false)).isEqualTo(Overdue.NOTHING);
        assertThat(patience.overdue(10_211, false)).isEqualTo(Overdue.IDLE);
    }

    @Test
    void bytes_do_not_prolong_a_body() {
        patience.request(0);
        patience.body(0);
        patience.bytes(1_900);

        assertThat(patience.overdue(2_010, false)).isEqualTo(Overdue.NOTHING);
        assertThat(patience.overdue(2_011, false)).isEqualTo(Overdue.BODY);
    }

    @Test
    void a_request_that_we_hold_is_not_overdue() {
        patience.request(0);
        patience.body(0);
        patience.bodyEnded(0);

        assertThat(patience.overdue(1_000_000, false)).isEqualTo(Overdue.NOTHING);
    }

    @Test
    void the_rest_of_a_body_that_has_its_answer_is_not_taken_for_a_head() {
        patience.request(0);
        patience.body(0);
        patience.answered(100);
        patience.bytes(200);
        assertThat(patience.overdue(1_500, false)).isEqualTo(Overdue.NOTHING);

        patience.bodyEnded(1_500);

        assertThat(patience.overdue(11_510, false)).isEqualTo(Overdue.NOTHING);
        assertThat(patience.overdue(11_511, false)).isEqualTo(Overdue.IDLE);
    }

    @Test
    void a_pipelined_request_keeps_its_state_whatever_ended_before() {
        patience.request(0);
        patience.answered(0);
        patience.request(0);

        assertThat(patience.overdue(1_000_000, false)).isEqualTo(Overdue.NOTHING);
    }

    @Test
    void answers_must_be_read_in_time_and_every_time_anew() {
        patience.request(0);
        assertThat(patience.overdue(100, true)).isEqualTo(Overdue.NOTHING);
        assertThat(patience.overdue(3_000, false)).isEqualTo(Overdue.NOTHING);
        assertThat(patience.overdue(3_100, true)).isEqualTo(Overdue.NOTHING);
        assertThat(patience.overdue(6_110, true)).isEqualTo(Overdue.NOTHING);

        assertThat(patience.overdue(6_111, true)).isEqualTo(Overdue.UNREAD);
    }

    @Test
    void a_head_behind_answers_that_nobody_reads_waits_for_these() {
        patience.request(0);
        patience.answered(0);
        patience.bytes(0);
        assertThat(patience.overdue(0, true)).isEqualTo(Overdue.NOTHING);
        assertThat(patience.overdue(2_900, true)).as("the head's time is over").isEqualTo(Overdue.NOTHING);

        assertThat(patience.overdue(3_011, true)).isEqualTo(Overdue.UNREAD);
        assertThat(patience.overdue(3_011, false)).isEqualTo(Overdue.HEAD);
    }

    @Test
    void a_farewell_is_short_whatever_comes() {
        patience.request(0);
        patience.body(0);
        patience.farewell(100);
        patience.request(400);
        patience.bytes(500);
        patience.answered(500);

        assertThat(patience.isFarewell()).isTrue();
        assertThat(patience.overdue(610, false)).isEqualTo(Overdue.NOTHING);
        assertThat(patience.overdue(611, false)).isEqualTo(Overdue.FAREWELL);
    }
}
