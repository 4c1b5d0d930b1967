// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What waits, a queue for each conversation; the first of a queue may be with the bot. Owned by one context. */
final class Conversations {
    private final Map<String, Deque<Work>> queues = new HashMap<>();

    /** Adds it at the end of its conversation; true if nothing is before it. */
    boolean add(Work work) {
        var queue = queues.computeIfAbsent(work.event().conversation(), ignored -> new ArrayDeque<>());
        queue.addLast(work);
        return queue.size() == 1;
    }

    /** The first of this one's conversation, this one, is finished. Returns what is first now, or null. */
    @Nullable
    Work removeFirst(Work work) {
        var conversation = work.event().conversation();
        var queue = queues.get(conversation);
        if (queue == null) {
            return null;
        }
        queue.removeFirst();
        if (queue.isEmpty()) {
            queues.remove(conversation);
        }
        return queue.peekFirst();
    }

    /** Removes all of a page, in the order in which each conversation has it. */
    List<Work> removePage(String page) {
        var removed = new ArrayList<Work>();
        queues.values().removeIf(queue -> {
            if (!queue.getFirst().event().page().equals(page)) {
                return false;
            }
            removed.addAll(queue);
            return true;
        });
        return removed;
    }

    void clear() {
        queues.clear();
    }
}
