// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.util.concurrent.Executor;

/**
 * A thread's worth of ordered work with a monotonic clock: all state of a scope on a node belongs to one lane.
 *
 * <p>{@link #execute} may be called from any thread; tasks run one at a time, in order, and must not wait. Virtual in
 * simulations.
 */
interface Lane extends Executor, AutoCloseable {
    /** Monotonic; any thread. */
    long nanos();

    /** Runs the task on the lane, not before the delay has passed. */
    Timer schedule(long delayNanos, Runnable task);

    @Override
    void close();

    /** A task that has not run yet. */
    interface Timer {
        void cancel();
    }
}
