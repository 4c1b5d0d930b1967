// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class FillingTest {
    @Test
    void a_steady_growth_tells_when_it_will_be_full() {
        var filling = Filling.UNKNOWN;
        for (var second = 0; second <= 300; second++) {
            filling = filling.then(1000.0 * second, 1);
        }

        assertThat(filling.untilFull(400_000)).isCloseTo(100, within(1.0));
    }

    @Test
    void what_does_not_grow_is_never_full_and_what_is_full_is_now() {
        var filling = Filling.UNKNOWN.then(500, 1).then(500, 1);

        assertThat(filling.untilFull(1000)).isInfinite();
        assertThat(filling.then(200, 1).untilFull(1000)).isInfinite();
        assertThat(filling.untilFull(400)).isZero();
        assertThat(filling.untilFull(0)).as("no limit").isInfinite();
    }

    @Test
    void a_single_jump_counts_little() {
        var filling = Filling.UNKNOWN.then(0, 1);
        for (var second = 0; second < 60; second++) {
            filling = filling.then(0, 1);
        }

        assertThat(filling.then(3000, 1).perSecond()).isLessThan(150);
    }
}
