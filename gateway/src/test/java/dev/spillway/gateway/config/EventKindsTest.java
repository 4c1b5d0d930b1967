// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.messenger.Channel;
import dev.spillway.gateway.messenger.Kind;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EventKindsTest {
    @Test
    void a_bot_may_ask_for_every_kind_there_is_and_for_standby() {
        var kinds = Stream.concat(Stream.of(Kind.values()).map(Kind::wire), Stream.of(EventKinds.STANDBY));

        assertThat(EventKinds.ALL).containsExactlyInAnyOrderElementsOf(kinds.toList());
    }

    @Test
    void a_page_may_be_of_every_channel_there_is() {
        assertThat(Settings.Channel.values())
                .extracting(Enum::name)
                .containsExactly(Stream.of(Channel.values()).map(Enum::name).toArray(String[]::new));
    }
}
