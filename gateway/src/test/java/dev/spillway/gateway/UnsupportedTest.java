// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.config.Loaded;
import dev.spillway.gateway.config.Settings;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UnsupportedTest {
    private static List<String> unsupported(String redis, String bots) {
        var yaml = """
            spillway:
              redis: { uri: "redis://localhost:6379"%s }
              apps:
                demo: { secrets: ["s"], verify-token: "v" }
              pages:
                "1": { app: demo, token: t }
              bots: %s
            """.formatted(redis, bots);
        return switch (Settings.parse(yaml)) {
            case Loaded.Ready(var settings) -> Unsupported.in(settings);
            case Loaded.Refused(var problems) -> throw new AssertionError(problems.toString());
        };
    }

    @Test
    void what_this_version_can_do_is_let_through() {
        assertThat(unsupported("", "{ echo: { kind: built-in } }")).isEmpty();
        assertThat(unsupported(", durability: replicated", "{ echo: { kind: built-in } }"))
                .isEmpty();
        assertThat(unsupported(", mode: cluster", "{ echo: { kind: built-in } }"))
                .isEmpty();
    }

    @Test
    void what_it_cannot_do_is_told_all_at_once() {
        var push = "{ shop: { kind: push, url: \"https://bot.example/events\", secret: \"whsec_c2VjcmV0\" } }";

        assertThat(unsupported("", push)).hasSize(1).anyMatch(problem -> problem.startsWith("spillway.bots.shop.kind"));
    }
}
