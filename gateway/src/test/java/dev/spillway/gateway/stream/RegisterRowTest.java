// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.gateway.config.Settings;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RegisterRowTest {
    private static final RegisterRow NEW = RegisterRow.anew("shop", 3, Settings.Start.BEGINNING, Settings.OnFull.SKIP);

    @Test
    void a_row_is_read_as_it_was_written() {
        var since = RegisterRow.time(Instant.parse("2026-12-24T18:00:00Z"));
        var ready = NEW.with(RegisterRow.State.READY);

        for (var row : new RegisterRow[] {
            NEW,
            ready,
            ready.paused(true),
            ready.reset(since, true),
            ready.reset(RegisterRow.KEPT, false).withoutOlder()
        }) {
            assertThat(RegisterRow.parse("shop", row.json().getBytes(UTF_8))).isEqualTo(row);
        }
    }

    @Test
    void a_row_of_the_first_version_is_understood() {
        var row = RegisterRow.parse("shop", "{\"generation\":1,\"state\":\"ready\"}".getBytes(UTF_8));

        assertThat(row)
                .isEqualTo(RegisterRow.anew("shop", 1, Settings.Start.BEGINNING, Settings.OnFull.REFUSE)
                        .with(RegisterRow.State.READY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "{\"generation\":1,\"state\":\"asleep\"}",
                "{\"generation\":1,\"state\":\"ready\",\"from\":\"yesterday\"}"
            })
    void what_is_no_row_names_itself(String text) {
        assertThatThrownBy(() -> RegisterRow.parse("shop", text.getBytes(UTF_8)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("shop");
    }

    @Test
    void a_reset_is_the_next_generation_and_remembers_the_one_before_until_that_is_gone() {
        var reset = NEW.with(RegisterRow.State.READY).paused(true).reset("2026-12-24T18:00:00.000Z", false);

        assertThat(reset.subscription().id()).isEqualTo("shop.4");
        assertThat(reset.older()).isEqualTo(3);
        assertThat(reset.paused()).isTrue();
        assertThat(reset.word()).isEqualTo("creating");
        assertThat(reset.isUnfinished()).isTrue();
        assertThat(reset.with(RegisterRow.State.READY).isUnfinished()).isTrue();
        assertThat(reset.with(RegisterRow.State.READY).withoutOlder().isUnfinished())
                .isFalse();
        assertThat(reset.with(RegisterRow.State.READY).word()).isEqualTo("paused");
        assertThat(reset.isResetTo("2026-12-24T18:00:00.000Z", false)).isTrue();
        assertThat(reset.isResetTo("2026-12-24T18:00:00.000Z", true)).isFalse();
        assertThat(reset.isResetTo(RegisterRow.KEPT, false)).isFalse();
    }

    @Test
    void a_time_gets_a_margin_for_what_was_appended_late() {
        assertThat(NEW.reset("2026-12-24T18:00:00.000Z", false).position()).isEqualTo("2026-12-24T17:59:00.000Z");
        assertThat(NEW.position()).isEqualTo("0");
        assertThat(RegisterRow.anew("shop", 1, Settings.Start.NOW, Settings.OnFull.SKIP)
                        .position())
                .isEqualTo("$");
    }
}
