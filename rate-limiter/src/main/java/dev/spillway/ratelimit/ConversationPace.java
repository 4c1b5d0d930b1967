// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A limit for every conversation, kept by this node alone: conversation order already pins a conversation to one sender.
 *
 * <p>The same GCRA in nanoseconds. Bounded: the conversation idle for longest is forgotten, and one that comes back starts
 * with one unit and no burst. Threads: its lane's.
 */
final class ConversationPace {
    /** No limit at all. */
    static final ConversationPace NONE = new ConversationPace(0, 0, 1);

    private final long intervalNanos;
    private final long toleranceNanos;
    private final Map<String, Long> arrivals;

    private ConversationPace(long intervalNanos, long toleranceNanos, int conversationsMax) {
        this.intervalNanos = intervalNanos;
        this.toleranceNanos = toleranceNanos;
        this.arrivals = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                return size() > conversationsMax;
            }
        };
    }

    static ConversationPace of(Limit limit, int conversationsMax) {
        return new ConversationPace(
                Ticks.toNanos(limit.interval()), Ticks.toNanos(limit.tolerance()), conversationsMax);
    }

    /** When the conversation may have its next unit; not after now if it may already. */
    long readyNanos(String conversation, long nowNanos) {
        if (intervalNanos == 0) {
            return nowNanos;
        }
        var arrival = arrivals.get(conversation);
        return arrival == null ? nowNanos : arrival - toleranceNanos;
    }

    void spend(String conversation, int weight, long nowNanos) {
        if (intervalNanos == 0) {
            return;
        }
        var arrival = arrivals.get(conversation);
        var from = arrival == null ? nowNanos + toleranceNanos : nowNanos + Math.max(0, arrival - nowNanos);
        arrivals.put(conversation, from + weight * intervalNanos);
    }
}
