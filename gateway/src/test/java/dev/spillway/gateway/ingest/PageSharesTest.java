// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class PageSharesTest {
    private final PageShares shares = new PageShares();

    private void add(String page, int events) {
        for (var i = 0; i < events; i++) {
            shares.add(page);
        }
    }

    @Test
    void a_page_has_its_part_of_all_events_of_both_halves() {
        add("hot", 90);
        add("cold", 10);
        shares.turn();
        add("cold", 100);

        assertThat(shares.share("hot")).isCloseTo(0.45, within(1e-9));
        assertThat(shares.share("cold")).isCloseTo(0.55, within(1e-9));
        assertThat(shares.share("unheard of")).isZero();
        assertThat(shares.pages()).isEqualTo(2);
    }

    @Test
    void what_is_older_than_two_turns_is_forgotten() {
        add("hot", 90);
        shares.turn();
        shares.turn();
        add("cold", 1);

        assertThat(shares.share("hot")).isZero();
        assertThat(shares.share("cold")).isEqualTo(1);
    }

    @Test
    void among_many_pages_a_small_one_is_never_taken_for_a_hot_one() {
        add("200", 5000);
        for (var page = 1000; page < 2000; page++) {
            add(Integer.toString(page), 5);
        }

        assertThat(shares.share("200")).isCloseTo(0.5, within(0.01));
        for (var page = 1000; page < 2000; page++) {
            assertThat(shares.share(Integer.toString(page))).isLessThan(0.01);
        }
        assertThat(shares.pages()).isBetween(850L, 1001L);
    }
}
