// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import dev.spillway.gateway.messenger.Event;

/** An event that is waiting for the bot or in its hands. Owned by its partition's context. */
final class Work {
    private final Event event;
    private final byte[] line;
    private final OpenEntry entry;
    private long queuedNanos;
    private int timesBegun;
    private int attempts;
    private long firstTriedNanos;

    Work(Event event, byte[] line, OpenEntry entry) {
        this.event = event;
        this.line = line;
        this.entry = entry;
    }

    Event event() {
        return event;
    }

    /** The record's own bytes. */
    byte[] line() {
        return line;
    }

    OpenEntry entry() {
        return entry;
    }

    void queued(long nowNanos) {
        queuedNanos = nowNanos;
    }

    long queuedNanos() {
        return queuedNanos;
    }

    /** Its turn has come: to be run, or to wait a while first. */
    void begun() {
        timesBegun++;
    }

    int timesBegun() {
        return timesBegun;
    }

    int attempts() {
        return attempts;
    }

    long firstTriedNanos() {
        return firstTriedNanos;
    }

    void trying(long nowNanos) {
        attempts++;
        if (attempts == 1) {
            firstTriedNanos = nowNanos;
        }
    }
}
