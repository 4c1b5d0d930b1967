// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A queue in which each page that waits has its turn after every other one, however much it has waiting. */
final class Turns<T> {
    private final Map<String, Deque<T>> queues = new HashMap<>();
    private final Deque<String> pages = new ArrayDeque<>();

    void add(String page, T item) {
        queues.computeIfAbsent(page, ignored -> {
                    pages.addLast(page);
                    return new ArrayDeque<>();
                })
                .addLast(item);
    }

    /** The next of the page whose turn it is, or null. */
    @Nullable
    T poll() {
        var page = pages.pollFirst();
        var queue = page == null ? null : queues.get(page);
        if (page == null || queue == null) {
            return null;
        }
        var next = queue.removeFirst();
        if (queue.isEmpty()) {
            queues.remove(page);
        } else {
            pages.addLast(page);
        }
        return next;
    }
}
