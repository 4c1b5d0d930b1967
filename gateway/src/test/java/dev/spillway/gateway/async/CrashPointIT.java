// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.async;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.kit.GatewayProcess;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class CrashPointIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void the_armed_passage_halts_the_process_as_a_kill_would() {
        try (var process = GatewayProcess.main(Passages.class)
                .crashingAt("before-append", 3)
                .start()) {
            assertThat(process.awaitExit(PATIENCE)).isEqualTo(137);

            assertThat(process.output()).content().contains("appended 1", "appended 2", "crash point before-append");
            assertThat(process.output()).content().doesNotContain("appended 3").doesNotContain("shutdown hook");
        }
    }

    @Test
    void another_point_is_counted_for_itself() {
        try (var process = GatewayProcess.main(Passages.class)
                .crashingAt("after-append", 5)
                .start()) {
            assertThat(process.awaitExit(PATIENCE)).isEqualTo(137);

            assertThat(process.output()).content().contains("appended 5").doesNotContain("appended 6");
        }
    }

    @Test
    void a_point_that_nobody_passes_kills_nobody() {
        try (var process =
                GatewayProcess.main(Passages.class).crashingAt("after", 1).start()) {
            assertThat(process.awaitExit(PATIENCE)).isZero();
        }
    }

    @Test
    void nothing_happens_unless_it_is_armed() {
        try (var process = GatewayProcess.main(Passages.class).start()) {
            assertThat(process.awaitExit(PATIENCE)).isZero();

            assertThat(process.output()).content().contains("appended 10", "shutdown hook");
        }
    }

    /** Passes two points ten times each. */
    static final class Passages {
        private Passages() {}

        public static void main(String[] args) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("shutdown hook")));
            for (int i = 1; i <= 10; i++) {
                CrashPoint.at("before-append");
                System.out.println("appended " + i);
                CrashPoint.at("after-append");
            }
        }
    }
}
