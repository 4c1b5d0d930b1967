// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Keeps the scopes and decides for all nodes: Redis in production, a map for one process and for tests.
 *
 * <p>Threads: any; stages complete on a thread of the store, which must not be held up. A failed stage means that the outcome
 * is unknown; units that were granted all the same expire unused. A call never waits and never throws.
 */
public interface LeaseStore extends AutoCloseable {
    CompletionStage<LeaseReply> acquire(LeaseRequest request);

    CompletionStage<ScopeStatus> report(Report report);

    /** Completes with the number of timelines and quotas that took the units back. */
    CompletionStage<Long> release(Refund refund);

    CompletionStage<Pulse> pulse();

    /** Tells the listener of every scope that a report changed; deliveries may be lost, which a {@link Pulse} shows. */
    void listen(Consumer<Signal> onSignal);

    @Override
    void close();

    /** A report changed the scope, which is now in this epoch. */
    record Signal(Scope scope, long epoch) {}

    /**
     * A sign of life.
     *
     * @param incarnation changes when the store may have lost state; leases of another incarnation are void
     * @param signals how many reports have changed something so far
     */
    record Pulse(String incarnation, long signals) {}
}
