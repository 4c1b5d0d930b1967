// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.peter;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What Peter remembers of the conversations that were used last, for free text, which carries no state. Lost with the
 * process, and then Peter asks again. Safe for use by many threads.
 */
final class Memory {
    private final int conversationsMax;
    // Guarded by this.
    private final Map<String, State> states = new LinkedHashMap<>(64, 0.75f, true);

    Memory(int conversationsMax) {
        this.conversationsMax = conversationsMax;
    }

    synchronized State recall(String conversation) {
        return states.getOrDefault(conversation, State.NEW);
    }

    synchronized void keep(String conversation, State state) {
        states.put(conversation, state);
        if (states.size() > conversationsMax) {
            var oldest = states.entrySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }
}
