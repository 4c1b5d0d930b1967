// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.config.Settings;
import dev.spillway.gateway.messenger.Kind;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DefaultKindsTest {
    private static Settings.Bot bot(Optional<?> kinds) {
        return (Settings.Bot) Proxy.newProxyInstance(
                Settings.Bot.class.getClassLoader(),
                new Class<?>[] {Settings.Bot.class},
                (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("kinds");
                    return kinds;
                });
    }

    @Test
    void a_bot_gets_all_but_receipts_echoes_standby_and_outcomes_unless_it_says_otherwise() {
        var kinds = DefaultKinds.of(bot(Optional.empty()));

        assertThat(kinds)
                .contains("message", "postback", "optin", "referral", "unrecognised", "feed")
                .doesNotContain("echo", "delivery", "read", "standby", "reply-outcome")
                .hasSize(Kind.values().length - 4);
    }

    @Test
    void what_the_configuration_names_is_taken_as_it_is() {
        assertThat(DefaultKinds.of(bot(Optional.of(List.of("echo"))))).containsExactly("echo");
    }
}
