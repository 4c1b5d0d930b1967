// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.util.PriorityQueue;

/** Virtual time: events in the order of their instants, hours in a millisecond. */
final class SimTime {
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long nanos = 1_000_000_000;
    private long sequence;

    long nanos() {
        return nanos;
    }

    /** The tick count of a perfect clock. */
    long ticks() {
        return Laws.NOW + Ticks.ofNanos(nanos);
    }

    Event at(long instant, Runnable task) {
        var event = new Event(Math.max(instant, nanos), sequence++, task);
        events.add(event);
        return event;
    }

    Event in(long delayNanos, Runnable task) {
        return at(nanos + delayNanos, task);
    }

    void runFor(java.time.Duration duration) {
        var end = nanos + duration.toNanos();
        while (!events.isEmpty() && events.peek().instant <= end) {
            var event = events.poll();
            nanos = event.instant;
            if (!event.cancelled) {
                event.task.run();
            }
        }
        nanos = end;
    }

    /** One thing that will happen. */
    static final class Event implements Comparable<Event> {
        private final long instant;
        private final long sequence;
        private final Runnable task;
        private boolean cancelled;

        private Event(long instant, long sequence, Runnable task) {
            this.instant = instant;
            this.sequence = sequence;
            this.task = task;
        }

        void cancel() {
            cancelled = true;
        }

        @Override
        public int compareTo(Event other) {
            var byTime = Long.compare(instant, other.instant);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
