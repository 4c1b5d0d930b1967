// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Keeps the shared breakers for all nodes.
 *
 * <p>Threads: any; stages complete on a thread of the store, which must not be held up. A call never waits and never throws.
 */
public interface BreakerStore extends AutoCloseable {
    CompletionStage<BreakerState> call(BreakerCall call);

    /** How many openings and closings there have been: more than were heard of means that a delivery was lost. */
    CompletionStage<Long> changes();

    /** Tells the listener of every breaker that opened or closed; deliveries may be lost, which {@link #changes} shows. */
    void listen(Consumer<BreakerKey> onChange);

    @Override
    void close();
}
