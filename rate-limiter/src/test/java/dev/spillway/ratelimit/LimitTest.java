// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LimitTest {
    @Test
    void the_stated_figures_give_the_rates_of_the_design() {
        assertThat(perSecond(new Limit("text", 300, ofSeconds(1), 9, Mode.HARD, ofMillis(70))))
                .isBetween(272.8, 272.9);
        assertThat(perSecond(Limit.hard("text", 300, ofSeconds(1)))).isBetween(283.4, 283.5);
        assertThat(perSecond(Limit.hard("total", 40, ofSeconds(1)))).isBetween(38.8, 38.84);
        assertThat(perSecond(Limit.nominal("text", 300, ofSeconds(1)))).isBetween(299.99, 300.0);
    }

    @Test
    void a_hard_limit_bounds_its_own_window_by_its_permits() {
        for (long permits : new long[] {1, 2, 10, 40, 300, 4_999, 1_000_000}) {
            var limit = Limit.hard("any", permits, ofSeconds(1));
            assertThat(limit.worstIn(ofSeconds(1))).as("%s", limit).isLessThanOrEqualTo(permits);
        }
    }

    @Test
    void a_bad_limit_names_what_is_wrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Limit("a", 10, ofSeconds(1), 11, Mode.HARD))
                .withMessage("burst: 11 (expected: 1..10)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Limit.hard("a b", 10, ofSeconds(1)))
                .withMessageContaining("limit id");
    }

    @Test
    void only_a_strict_limit_over_all_work_may_delay_a_unit_on_another() {
        var media = Limit.hard("media", 10, ofSeconds(1));
        var text = Limit.hard("text", 300, ofSeconds(1));
        var total = Limit.hard("total", 40, ofSeconds(1));
        var policy = Policy.of(1, Map.of("text", List.of(text, total), "media", List.of(media, total)));

        var rates = policy.tariff("text").rates();

        assertThat(rates.get(0).over(1)).as("text over total").isEqualTo(Tariff.Reach.NONE);
        assertThat(rates.get(1).over(0)).as("total over text").isEqualTo(Tariff.Reach.GOVERNS);
        assertThat(policy.tariff("media").rates().get(1).over(0))
                .as("40 a second is no bound for 10")
                .isEqualTo(Tariff.Reach.COVERS);
    }

    @Test
    void one_name_has_one_meaning() {
        var day = Limit.quota("day", 100, ofHours(24));
        var other = Limit.quota("day", 200, ofHours(24));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Policy.of(1, Map.of("a", List.of(day), "b", List.of(other))))
                .withMessageContaining("two meanings");
    }

    private static double perSecond(Limit limit) {
        return (double) Ticks.PER_SECOND / limit.interval();
    }
}
