// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SampleTest {
    @Test
    void the_median_of_an_odd_number_is_the_one_in_the_middle() {
        assertThat(Sample.of(List.of(5, 1, 9))).isEqualTo(new Sample(5, 1, 9, 3));
    }

    @Test
    void the_median_of_an_even_number_lies_between_the_two_in_the_middle() {
        assertThat(Sample.of(List.of(4.0, 1.0, 2.0, 9.0))).isEqualTo(new Sample(3, 1, 9, 4));
    }

    @Test
    void nothing_has_no_median() {
        assertThat(Sample.of(List.<Integer>of()).median()).isNaN();
    }

    @Test
    void one_in_a_hundred_lies_above_the_99th_percentile() {
        assertThat(Sample.quantile(LongStream.rangeClosed(1, 1_000).toArray(), 0.99))
                .isEqualTo(990);
        assertThat(Sample.quantile(new long[] {7}, 0.999)).isEqualTo(7);
        assertThat(Sample.quantile(new long[0], 0.5)).isZero();
    }
}
