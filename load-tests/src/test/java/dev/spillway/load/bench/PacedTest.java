// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PacedTest {
    private static final long MILLI = 1_000_000;

    @Test
    void requests_are_due_evenly_and_steps_follow_each_other() {
        var schedule = Schedule.of(List.of(new Schedule.Step(2, 1), new Schedule.Step(4, 1)));

        assertThat(schedule.dueNanos())
                .containsExactly(0, 500 * MILLI, 1000 * MILLI, 1250 * MILLI, 1500 * MILLI, 1750 * MILLI);
    }

    @Test
    void time_counts_from_when_a_request_was_due() {
        var paced = new Paced(new long[] {0, 500 * MILLI, 1_000 * MILLI});
        paced.answered(0, 200, 3 * MILLI);
        paced.answered(1, 200, 900 * MILLI);
        paced.answered(2, 503, 1_002 * MILLI);

        assertThat(paced.millis(1)).isEqualTo(400);
        assertThat(paced.millisInSecond(0, 0.5)).isEqualTo(3);
        assertThat(paced.millisInSecond(1, 0.99)).isEqualTo(2);
        assertThat(paced.slowestRefusalMillis()).isEqualTo(2);
    }

    @Test
    void who_is_never_answered_has_waited_for_ever() {
        var paced = new Paced(new long[] {0, MILLI});
        paced.answered(0, 200, MILLI);

        assertThat(paced.millis(0.99)).isGreaterThan(1e12);
        assertThat(paced.slowestRefusalMillis()).isGreaterThan(1e12);
        assertThat(paced.statuses()).isEqualTo(Map.of(0, 1L, 200, 1L));
        assertThat(paced.acked().cardinality()).isEqualTo(1);
    }

    @Test
    void an_answer_that_broke_off_is_none() {
        var paced = new Paced(new long[] {0});
        paced.answered(0, HttpConnection.BROKEN, MILLI);

        assertThat(paced.millis(0.5)).isGreaterThan(1e12);
    }

    @Test
    void a_spike_has_settled_when_no_later_second_is_slow() {
        var bySecond = List.of(1.0, 90.0, 4.0, 30.0, 4.0, 3.0, 80.0);

        assertThat(SpikeResult.settled(bySecond, 1, 6, 5)).isEqualTo(3);
        assertThat(SpikeResult.settled(bySecond, 4, 6, 5)).isZero();
        assertThat(SpikeResult.settled(bySecond, 1, 7, 5)).isEqualTo(-1);
    }

    @Test
    void an_answer_is_whole_with_the_last_byte_of_its_body() {
        assertThat(HttpConnection.status("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nab"))
                .isEqualTo(200);
        assertThat(HttpConnection.status("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na"))
                .isEqualTo(HttpConnection.UNFINISHED);
        assertThat(HttpConnection.status(
                        "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n"))
                .isEqualTo(503);
        assertThat(HttpConnection.status("HTTP/1.1 200 OK\r\nconte")).isEqualTo(HttpConnection.UNFINISHED);
    }
}
