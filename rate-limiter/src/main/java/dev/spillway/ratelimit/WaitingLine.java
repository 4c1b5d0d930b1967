// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for units of one class, and whose turn it is.
 *
 * <p><b>Idea.</b> Priorities are strict, except that the lowest which waits gets every tenth turn. Within a priority,
 * conversations take turns by deficit round robin (Shreedhar and Varghese, 1995) with a quantum of one unit; within a
 * conversation, first come, first served. A conversation whose own pace forbids its head stands aside until it may.
 *
 * <p><b>Invariants.</b> Two conversations that always wait are served within 3 units of each other. Every operation is O(1)
 * in the number of waiters, except deadlines, which are O(log n).
 *
 * <p>Threads: its lane's.
 */
final class WaitingLine {
    private static final int FLOOR = 10;

    private final ConversationPace pace;
    private final Map<Priority, Ring> rings = new EnumMap<>(Priority.class);
    private final PriorityQueue<Waiter> deadlines =
            new PriorityQueue<>((one, other) -> Long.signum(one.deadlineNanos - other.deadlineNanos));
    private int size;
    private long weight;
    private int turnsWithoutLowest;

    WaitingLine(ConversationPace pace) {
        this.pace = pace;
        for (var priority : Priority.values()) {
            rings.put(priority, new Ring());
        }
    }

    int size() {
        return size;
    }

    /** Units that all who wait would take together. */
    long weight() {
        return weight;
    }

    void add(Waiter waiter) {
        ring(waiter).add(waiter);
        deadlines.add(waiter);
        size++;
        weight += waiter.weight();
    }

    /** Whose turn it is, the same until someone is served, added or leaves; null if nobody may have a unit now. */
    @Nullable
    Waiter head(long nowNanos) {
        Waiter highest = null;
        Waiter lowest = null;
        for (var ring : rings.values()) {
            var head = ring.head(nowNanos);
            if (head != null) {
                highest = highest == null ? head : highest;
                lowest = head;
            }
        }
        return turnsWithoutLowest >= FLOOR - 1 ? lowest : highest;
    }

    /** The head got its units, to be used from then on. */
    void served(Waiter waiter, long nowNanos, long dueNanos) {
        turnsWithoutLowest = lower(waiter.request.priority(), nowNanos) ? turnsWithoutLowest + 1 : 0;
        var from = dueNanos - nowNanos > 0 ? dueNanos : nowNanos;
        pace.spend(waiter.request.conversationId(), waiter.weight(), from);
        ring(waiter).served(waiter);
        left(waiter);
    }

    /** It gave up; does nothing if it is not here any more. */
    void remove(Waiter waiter) {
        if (waiter.flow != null) {
            ring(waiter).remove(waiter);
            left(waiter);
        }
    }

    /** One whose time has passed, still in the line; null if there is none. */
    @Nullable
    Waiter overdue(long nowNanos) {
        var first = earliest();
        return first != null && first.deadlineNanos - nowNanos <= 0 ? first : null;
    }

    /** The next deadline to be met; null if nobody waits. */
    @Nullable
    Waiter earliest() {
        for (var first = deadlines.peek(); first != null; first = deadlines.peek()) {
            if (first.flow != null) {
                return first;
            }
            deadlines.poll();
        }
        return null;
    }

    /** The latest deadline of those who wait, as far as worth knowing: how far a reservation may reach. */
    long latestNanos(long nowNanos, long atMostNanos) {
        var latest = 0L;
        for (var waiter : deadlines) {
            if (waiter.flow != null) {
                latest = Math.max(latest, waiter.deadlineNanos - nowNanos);
                if (latest >= atMostNanos) {
                    return atMostNanos;
                }
            }
        }
        return latest;
    }

    /** When the first conversation that stands aside may come back; {@code Long.MAX_VALUE} if none does. */
    long nextReadyNanos(long nowNanos) {
        var next = Long.MAX_VALUE;
        for (var ring : rings.values()) {
            var aside = ring.aside.peek();
            if (aside != null) {
                next = Math.min(next, Math.max(0, aside.readyNanos - nowNanos));
            }
        }
        return next == Long.MAX_VALUE ? next : nowNanos + next;
    }

    /** When the head's conversation may have its next unit by its own pace; not after its lead. */
    long readyNanos(Waiter head, long nowNanos) {
        return pace.readyNanos(head.request.conversationId(), nowNanos);
    }

    /** Turns that come before a newcomer to this conversation, at least. */
    long turnsBefore(AcquireRequest request) {
        var ring = ring(request.priority());
        var flow = ring.flows.get(request.conversationId());
        return (flow == null ? 0 : flow.length) * (long) Math.max(1, ring.flows.size());
    }

    private boolean lower(Priority priority, long nowNanos) {
        for (var entry : rings.entrySet()) {
            if (entry.getKey().compareTo(priority) > 0 && entry.getValue().head(nowNanos) != null) {
                return true;
            }
        }
        return false;
    }

    private void left(Waiter waiter) {
        size--;
        weight -= waiter.weight();
        if (deadlines.size() > 2 * size + 64) {
            deadlines.removeIf(
                    other -> other.flow == null); // amortised: leaving is O(1), their heap entries go together
        }
    }

    private Ring ring(Waiter waiter) {
        return ring(waiter.request.priority());
    }

    private Ring ring(Priority priority) {
        return java.util.Objects.requireNonNull(rings.get(priority));
    }

    /** The waiters of one conversation in one priority. */
    static final class Flow {
        final String conversation;

        @Nullable
        Waiter first;

        @Nullable
        Waiter last;

        int length;
        long deficit;
        long readyNanos;
        boolean standsAside;
        Flow before = this;
        Flow behind = this;

        Flow(String conversation) {
            this.conversation = conversation;
        }

        void append(Waiter waiter) {
            waiter.flow = this;
            waiter.before = last;
            if (last == null) {
                first = waiter;
            } else {
                last.behind = waiter;
            }
            last = waiter;
            length++;
        }

        void unlink(Waiter waiter) {
            if (waiter.before == null) {
                first = waiter.behind;
            } else {
                waiter.before.behind = waiter.behind;
            }
            if (waiter.behind == null) {
                last = waiter.before;
            } else {
                waiter.behind.before = waiter.before;
            }
            waiter.flow = null;
            waiter.before = null;
            waiter.behind = null;
            length--;
        }
    }

    /** The conversations of one priority, in a circle. */
    private final class Ring {
        final Map<String, Flow> flows = new HashMap<>();
        final PriorityQueue<Flow> aside =
                new PriorityQueue<>((one, other) -> Long.signum(one.readyNanos - other.readyNanos));

        @Nullable
        Flow turn;

        void add(Waiter waiter) {
            var flow = flows.get(waiter.request.conversationId());
            if (flow == null) {
                flow = new Flow(waiter.request.conversationId());
                flows.put(flow.conversation, flow);
                join(flow);
            }
            flow.append(waiter);
        }

        @Nullable
        Waiter head(long nowNanos) {
            while (!aside.isEmpty() && aside.peek().readyNanos - nowNanos <= 0) {
                var back = aside.poll();
                back.standsAside = false;
                join(back);
            }
            while (turn != null) {
                var flow = turn;
                var first = java.util.Objects.requireNonNull(flow.first);
                var ready = pace.readyNanos(flow.conversation, nowNanos) - first.leadNanos();
                if (ready - nowNanos > 0) {
                    leave(flow);
                    flow.readyNanos = ready;
                    flow.standsAside = true;
                    aside.add(flow);
                    continue;
                }
                if (flow.deficit < first.weight()) {
                    flow.deficit += flow.behind == flow ? first.weight() : 1;
                }
                if (flow.deficit >= first.weight()) {
                    return first;
                }
                turn = flow.behind;
            }
            return null;
        }

        void served(Waiter waiter) {
            var flow = java.util.Objects.requireNonNull(waiter.flow);
            flow.deficit -= waiter.weight();
            turn = flow.behind;
            remove(waiter);
        }

        void remove(Waiter waiter) {
            var flow = java.util.Objects.requireNonNull(waiter.flow);
            flow.unlink(waiter);
            if (flow.first == null) {
                flows.remove(flow.conversation);
                if (flow.standsAside) {
                    aside.remove(flow);
                } else {
                    leave(flow);
                }
            }
        }

        private void join(Flow flow) {
            flow.deficit = 0;
            if (turn == null) {
                turn = flow;
                return;
            }
            flow.behind = turn;
            flow.before = turn.before;
            turn.before.behind = flow;
            turn.before = flow;
        }

        private void leave(Flow flow) {
            if (turn == flow) {
                turn = flow.behind == flow ? null : flow.behind;
            }
            flow.before.behind = flow.behind;
            flow.behind.before = flow.before;
            flow.before = flow;
            flow.behind = flow;
        }
    }
}
