// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Circuit breakers that all nodes share.
 *
 * <p>Threads: any; every method returns at once and does no I/O on the caller's thread.
 */
public interface CircuitBreakerCoordinator extends AutoCloseable {
    /** May a call be made now? Every entry must be answered by one {@link #record}. */
    Entry tryEnter(BreakerKey key);

    /** How a call ended that had entered; a refusal by the other side that says nothing of its health is a success. */
    void record(BreakerKey key, Entry.Entered entry, Result result, Duration took);

    /** An operator: no calls by any node for so long. Fails if the store may not have heard of it. */
    CompletionStage<Void> forceOpen(BreakerKey key, Duration time);

    /**
     * An operator: calls go again, on all nodes, and no failure counts for so long; with no time only the present opening
     * ends. Fails if the store may not have heard of it.
     */
    CompletionStage<Void> forceClosed(BreakerKey key, Duration time);

    /** An operator: the present opening ends, on all nodes. */
    default CompletionStage<Void> forceClosed(BreakerKey key) {
        return forceClosed(key, Duration.ZERO);
    }

    /** The breakers of this node that are not simply closed, for an operator's eyes. */
    List<BreakerSnapshot> notable();

    /** Stops listening; the store is the caller's to close. */
    @Override
    void close();

    /** The answer to {@link #tryEnter}. */
    sealed interface Entry {
        /**
         * Go on.
         *
         * @param generation of the breaker, to tell late results from present ones
         * @param probe the one call that decides for all nodes
         */
        record Entered(long generation, boolean probe) implements Entry {}

        /** Do not call; ask again after this time. */
        record Refused(Duration retryAfter) implements Entry {}
    }

    /** What a call says about the other side's health. */
    enum Result {
        SUCCEEDED,
        FAILED,
        /** Not sent after all. */
        ABANDONED
    }
}
