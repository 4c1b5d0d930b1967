// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import dev.spillway.gateway.messenger.Event;
import java.util.Set;

/**
 * Which events a subscription wants.
 *
 * @param pages whose; none means every page's
 * @param kinds which, by wire name, and {@code standby} for copies that another app is to answer
 */
public record EventFilter(Set<String> pages, Set<String> kinds) {
    public EventFilter {
        pages = Set.copyOf(pages);
        kinds = Set.copyOf(kinds);
    }

    boolean wants(Event event, String subscription) {
        var only = event.mark().only();
        return (only == null || only.equals(subscription))
                && (pages.isEmpty() || pages.contains(event.page()))
                && kinds.contains(event.kind().wire())
                && (!event.standby() || kinds.contains("standby"));
    }
}
