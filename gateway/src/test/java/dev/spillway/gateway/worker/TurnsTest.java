// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TurnsTest {
    private final Turns<String> turns = new Turns<>();

    private List<String> rest() {
        var all = new ArrayList<String>();
        for (var next = turns.poll(); next != null; next = turns.poll()) {
            all.add(next);
        }
        return all;
    }

    @Test
    void a_page_with_much_waiting_gives_way_to_each_other_one_after_each_of_its_own() {
        turns.add("hot", "h1");
        turns.add("hot", "h2");
        turns.add("hot", "h3");
        turns.add("a", "a1");
        turns.add("b", "b1");
        turns.add("a", "a2");

        assertThat(rest()).containsExactly("h1", "a1", "b1", "h2", "a2", "h3");
    }

    @Test
    void a_page_that_had_nothing_left_waits_its_turn_when_it_is_back() {
        turns.add("hot", "h1");
        turns.add("hot", "h2");
        turns.add("a", "a1");
        assertThat(turns.poll()).isEqualTo("h1");
        assertThat(turns.poll()).isEqualTo("a1");

        turns.add("a", "a2");

        assertThat(rest()).containsExactly("h2", "a2");
        assertThat(turns.poll()).isNull();
    }
}
