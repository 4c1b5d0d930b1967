// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Permits under limits that all nodes share.
 *
 * <p>Threads: every method may be called from any thread and returns at once. Stages complete on the caller's thread if a unit is
 * in hand, else on a thread of the limiter, which must not be held up.
 */
public interface RateLimiter extends AutoCloseable {
    /**
     * Completes with a permit when every limit allows it, in fair order between conversations.
     *
     * <p>Fails with {@link RateLimitExceededException}, at once if the limits cannot be met in time, and at the latest when
     * {@code maxWait} has passed. Cancelling the stage's future takes the wait back and costs nothing.
     */
    CompletionStage<Permit> acquire(AcquireRequest request);

    /** Uses only what this node has in hand; never waits, never does I/O. */
    Optional<Permit> tryAcquire(AcquireRequest request);

    /**
     * How long a request like this would wait now, and for which limit; takes nothing. Asks the store, and fails as it does.
     */
    CompletionStage<Estimate> estimate(AcquireRequest request);

    /** Takes in what the limited party said; all nodes obey within one trip, 250 ms if a message is lost. */
    void onSignal(ThrottleSignal signal);

    RateLimiterSnapshot snapshot(Scope scope);

    /** Refuses whoever waits and all who come; permits that are out stay valid. The store is the caller's to close. */
    @Override
    void close();
}
