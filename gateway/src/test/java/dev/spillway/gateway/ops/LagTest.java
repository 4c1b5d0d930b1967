// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LagTest {
    private static final long PERIOD = 100;
    private static final long WINDOW = 1_000;

    private final Lag lag = new Lag(PERIOD, WINDOW, 0);

    @Test
    void ticks_in_time_are_no_lag() {
        for (long now = PERIOD; now <= 5_000; now += PERIOD) {
            lag.ticked(now);
        }

        assertThat(lag.worstNanos(5_000)).isZero();
    }

    @Test
    void a_late_tick_is_seen_for_a_window_and_forgotten_after_two() {
        lag.ticked(370);
        assertThat(lag.worstNanos(370)).isEqualTo(270);

        tickInTime(470, 1_370);
        assertThat(lag.worstNanos(1_370)).isEqualTo(270);

        tickInTime(1_470, 2_570);
        assertThat(lag.worstNanos(2_570)).isZero();
    }

    @Test
    void a_tick_that_does_not_come_at_all_is_lag_that_grows() {
        assertThat(lag.overdueNanos(100)).isZero();
        assertThat(lag.overdueNanos(5_100)).isEqualTo(5_000);
        assertThat(lag.worstNanos(5_100)).isEqualTo(5_000);
    }

    private void tickInTime(long from, long to) {
        for (long now = from; now <= to; now += PERIOD) {
            lag.ticked(now);
        }
    }
}
