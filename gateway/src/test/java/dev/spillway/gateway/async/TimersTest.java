// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.async;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.kit.ManualTime;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TimersTest {
    private final ManualTime time = new ManualTime();
    private final Timers timers = new Timers(time.vertx(), time.context());

    @ParameterizedTest
    @CsvSource({
        "-5, 200",
        "0, 200",
        "1, 200",
        "2, 400",
        "3, 800",
        "7, 12800",
        "8, 15000",
        "64, 15000",
        "2000000000, 15000"
    })
    void a_pause_doubles_up_to_its_ceiling_and_keeps_three_quarters_of_it(int attempt, long mostMillis) {
        for (var i = 0; i < 200; i++) {
            var pause = Timers.backoff(attempt, Duration.ofMillis(200), Duration.ofSeconds(15));
            assertThat(pause).isBetween(Duration.ofMillis(mostMillis * 3 / 4), Duration.ofMillis(mostMillis));
        }
    }

    @Test
    void a_call_is_made_until_it_succeeds_with_growing_pauses() {
        var calls = new AtomicInteger();
        var done = timers.until(
                () -> calls.incrementAndGet() < 9 ? Future.failedFuture("no") : Future.succeededFuture("yes"),
                failure -> true);
        assertThat(calls).hasValue(1);

        time.advance(Duration.ofMillis(19));
        assertThat(calls).hasValue(1);
        time.advance(Duration.ofMillis(1));
        assertThat(calls).hasValue(2);
        time.advance(Duration.ofMillis(40 + 80 + 160 + 320 + 640 + 640));
        assertThat(calls).hasValue(8);
        time.advance(Duration.ofMillis(640));
        assertThat(done.result()).isEqualTo("yes");
    }

    @Test
    void what_another_try_cannot_cure_fails_at_once() {
        var done = timers.until(() -> Future.failedFuture("no"), failure -> false);

        assertThat(done.failed()).isTrue();
    }
}
