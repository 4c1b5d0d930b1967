// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import dev.spillway.gateway.config.Settings;
import dev.spillway.gateway.messenger.Kind;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which events a bot gets when its configuration does not say. */
final class DefaultKinds {
    private static final Set<Kind> NOT_BY_DEFAULT = Set.of(Kind.ECHO, Kind.DELIVERY, Kind.READ, Kind.REPLY_OUTCOME);

    private DefaultKinds() {}

    static Set<String> of(Settings.Bot bot) {
        return bot.kinds().map(Set::copyOf).orElseGet(() -> Stream.of(Kind.values())
                .filter(kind -> !NOT_BY_DEFAULT.contains(kind))
                .map(Kind::wire)
                .collect(Collectors.toUnmodifiableSet()));
    }
}
