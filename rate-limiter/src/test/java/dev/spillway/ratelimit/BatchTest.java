// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Three units, due 100, 200 and 300 ms after the answer, good for 15 ms after the request's own 100, 200 and 300. */
class BatchTest {
    private static final long MS = 1_000_000;
    private static final long SENT = 5_000 * MS;
    private static final long ARRIVED = SENT + 2 * MS;

    private final Batch batch = batch(20, 80);

    @Test
    void a_unit_is_never_handed_out_before_its_instant() {
        assertThat(batch.take(ARRIVED + 100 * MS - 1, 1, 0)).isEqualTo(Batch.NOT_YET);
        assertThat(batch.take(ARRIVED + 100 * MS, 1, 0)).isZero();
    }

    @Test
    void who_has_work_to_do_first_gets_it_that_much_earlier() {
        assertThat(batch.take(ARRIVED + 90 * MS - 1, 1, 10 * MS)).isEqualTo(Batch.NOT_YET);
        assertThat(batch.take(ARRIVED + 90 * MS, 1, 10 * MS)).isZero();
        assertThat(batch.dueNanos(0, 1)).isEqualTo(ARRIVED + 100 * MS);
        assertThat(batch.voidNanos(0)).isEqualTo(SENT + 115 * MS);
    }

    @Test
    void a_unit_that_will_be_void_after_the_work_is_passed_over_only_by_the_lane() {
        assertThat(batch.take(SENT + 105 * MS + 1, 1, 10 * MS)).isEqualTo(Batch.TOO_OLD);
        assertThat(batch.left()).isEqualTo(3);
        batch.passOver();
        assertThat(batch.left()).isEqualTo(2);
        assertThat(batch.expired()).isEqualTo(1);
    }

    @Test
    void void_units_are_dropped_and_the_last_can_be_put_back_until_the_batch_is_given_up() {
        assertThat(batch.take(SENT + 302 * MS, 1, 0)).isEqualTo(2);
        assertThat(batch.expired()).isEqualTo(2);
        assertThat(batch.putBack(2, 1)).isTrue();
        assertThat(batch.take(SENT + 302 * MS, 1, 0)).isEqualTo(2);
        assertThat(batch.take(SENT + 302 * MS, 1, 0)).isEqualTo(Batch.GONE);

        assertThat(batch.abandon()).isZero();
        assertThat(batch.putBack(2, 1)).isFalse();
    }

    @Test
    void what_was_asked_for_with_a_lead_is_due_no_earlier() {
        var idle = batch(20, -1_000);

        assertThat(idle.dueNanos(0, 1)).isEqualTo(ARRIVED + 20 * MS);
    }

    private static Batch batch(long leadMillis, long offsetMillis) {
        var line = new LeaseReply.Timeline(Laws.millis(offsetMillis), Laws.millis(100), 0);
        var grant = new LeaseReply.Granted(3, List.of(line), List.of(), false, new LeaseReply.Standing(0, 1000, 0, 1));
        return new Batch(grant, false, 0, SENT, ARRIVED, 15 * MS, Laws.millis(leadMillis));
    }
}
