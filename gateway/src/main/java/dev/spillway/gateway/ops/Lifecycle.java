// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ops;

/** How far this process has come. Goes forward only. Threads: safe for all. */
public final class Lifecycle {
    private volatile Phase phase = Phase.STARTING;

    /** The parts of a process's life, in order. */
    public enum Phase {
        /** Not everything is up; no traffic yet. */
        STARTING,
        /** At work. */
        READY,
        /** On the way out: what is in flight is finished, nothing new is taken. */
        DRAINING,
        /** Nothing is left to do. */
        STOPPED
    }

    /** Where we are. */
    public Phase phase() {
        return phase;
    }

    /** Moves on to that phase; false if the process was there already, or further. */
    public synchronized boolean advance(Phase next) {
        if (phase.compareTo(next) >= 0) {
            return false;
        }
        phase = next;
        return true;
    }
}
