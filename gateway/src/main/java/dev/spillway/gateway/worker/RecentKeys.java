// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import dev.spillway.gateway.messenger.EventKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** The last event keys finished here: a second copy that follows soon costs no question to Redis. Bounded. */
final class RecentKeys {
    private final int most;
    private final Set<EventKey> keys = new HashSet<>();
    private final Deque<EventKey> order = new ArrayDeque<>();

    RecentKeys(int most) {
        this.most = most;
    }

    void add(EventKey key) {
        if (keys.add(key)) {
            order.addLast(key);
            if (order.size() > most) {
                keys.remove(order.removeFirst());
            }
        }
    }

    boolean contains(EventKey key) {
        return keys.contains(key);
    }
}
