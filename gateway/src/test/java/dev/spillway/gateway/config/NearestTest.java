// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class NearestTest {
    @Test
    void the_distance_counts_letters_added_dropped_changed_and_swapped() {
        assertThat(Nearest.distance("port", "port")).isZero();
        assertThat(Nearest.distance("prot", "port")).isEqualTo(1);
        assertThat(Nearest.distance("por", "port")).isEqualTo(1);
        assertThat(Nearest.distance("sport", "port")).isEqualTo(1);
        assertThat(Nearest.distance("pork", "port")).isEqualTo(1);
        assertThat(Nearest.distance("", "port")).isEqualTo(4);
    }

    @Test
    void nothing_is_near_enough_to_something_else_entirely() {
        assertThat(Nearest.to("prot", List.of("host", "port"))).contains("port");
        assertThat(Nearest.to("colour", List.of("host", "port"))).isEmpty();
    }

    @Property
    void the_distance_is_the_same_both_ways(
            @ForAll @StringLength(max = 12) String left, @ForAll @StringLength(max = 12) String right) {
        assertThat(Nearest.distance(left, right)).isEqualTo(Nearest.distance(right, left));
    }
}
