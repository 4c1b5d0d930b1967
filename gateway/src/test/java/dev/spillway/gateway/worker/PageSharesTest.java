// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.kit.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PageSharesTest {
    private final ManualTime time = new ManualTime();
    private final PageShares shares = new PageShares(time::nanos);

    private void queued(String page, int events) {
        for (var i = 0; i < events; i++) {
            shares.queued(page);
        }
    }

    @Test
    void only_a_page_with_more_than_half_is_over_half() {
        assertThat(shares.overHalf()).isNull();
        queued("a", 5);
        queued("b", 5);
        assertThat(shares.overHalf()).isNull();

        queued("a", 1);
        assertThat(shares.overHalf()).isEqualTo("a");

        shares.gone("a", 6);
        assertThat(shares.overHalf()).isEqualTo("b");
    }

    @Test
    void a_page_is_idle_when_nothing_of_it_is_with_the_bot_or_in_a_commit() {
        queued("a", 3);
        assertThat(shares.isIdle("a")).isTrue();
        shares.busy("a");
        shares.busy("a");
        assertThat(shares.isIdle("a")).isFalse();

        shares.waits("a");
        assertThat(shares.isIdle("a")).isFalse();
        shares.committed("a");
        assertThat(shares.isIdle("a")).isTrue();
    }

    @Test
    void a_page_that_has_been_alone_for_five_minutes_keeps_nobody_waiting() {
        queued("a", 10);
        assertThat(shares.severalPages()).isFalse();
        queued("b", 1);
        queued("a", 10);
        assertThat(shares.severalPages()).isTrue();

        time.advance(Duration.ofMinutes(5));
        queued("a", 1);
        assertThat(shares.severalPages()).isFalse();
    }
}
