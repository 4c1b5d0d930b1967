// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.async;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What waits, a queue for each conversation: the first of each may be under way, the others wait for it. Not for several
 * threads; its owner bounds what is added.
 */
public final class Conversations<T> {
    private final Function<T, String> conversationOf;
    private final Map<String, Deque<T>> queues = new HashMap<>();

    /** {@code conversationOf} tells which conversation an item is of, always the same. */
    public Conversations(Function<T, String> conversationOf) {
        this.conversationOf = conversationOf;
    }

    /** Adds it at the end of its conversation; true if nothing is before it. */
    public boolean add(T item) {
        var queue = queues.computeIfAbsent(conversationOf.apply(item), ignored -> new ArrayDeque<>());
        queue.addLast(item);
        return queue.size() == 1;
    }

    /** Whether this one is here, and nothing is before it. */
    public boolean isFirst(T item) {
        var queue = queues.get(conversationOf.apply(item));
        return queue != null && queue.peekFirst() == item;
    }

    /** What waits in this one's conversation, in order; a view. */
    public Collection<T> of(T item) {
        var queue = queues.get(conversationOf.apply(item));
        return queue == null ? List.of() : Collections.unmodifiableCollection(queue);
    }

    /** This one has ended: what is first of its conversation now, or null; null too if it was not the first. */
    public @Nullable T next(T ended) {
        var conversation = conversationOf.apply(ended);
        var queue = queues.get(conversation);
        if (queue == null || queue.peekFirst() != ended) {
            return null;
        }
        queue.removeFirst();
        if (queue.isEmpty()) {
            queues.remove(conversation);
        }
        return queue.peekFirst();
    }

    /** Removes each conversation whose first item is such; all of it, in order. */
    public List<T> removeAll(Predicate<T> first) {
        var removed = new ArrayList<T>();
        queues.values().removeIf(queue -> {
            var gone = first.test(queue.getFirst());
            if (gone) {
                removed.addAll(queue);
            }
            return gone;
        });
        return removed;
    }

    /** Forgets all. */
    public void clear() {
        queues.clear();
    }
}
