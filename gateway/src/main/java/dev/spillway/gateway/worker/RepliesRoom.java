// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import dev.spillway.gateway.async.Timers;
import dev.spillway.gateway.stream.Tenure;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Holds the intakes of a partition while too many replies of its partition wait to be sent: a dead Graph API must end in a full store,
 * which refuses webhooks, and not in a Redis without memory. Threads: owned by one context.
 */
final class RepliesRoom {
    private static final Duration PROBE = Duration.ofMillis(500);

    private final WorkerParts parts;
    private final Timers timers;
    private final Tenure tenure;
    private final Consumer<Boolean> hold;
    private boolean full;
    private boolean ended;

    RepliesRoom(WorkerParts parts, Timers timers, Tenure tenure, Consumer<Boolean> hold) {
        this.parts = parts;
        this.timers = timers;
        this.tenure = tenure;
        this.hold = hold;
    }

    /** So many wait now. */
    void told(long repliesWaiting) {
        var fullNow = repliesWaiting >= parts.settings().repliesWaitingMax();
        if (fullNow != full) {
            full = fullNow;
            hold.accept(fullNow);
            if (fullNow) {
                probe();
            }
        }
    }

    /** The partition is ours no more. */
    void end() {
        ended = true;
    }

    // Whoever takes nothing commits nothing, and is told nothing.
    private void probe() {
        timers.after(PROBE).onSuccess(ignored -> {
            if (full && !ended) {
                parts.consumer()
                        .store()
                        .commit(tenure.partition(), parts.subscription(), tenure.fence(), List.of(), List.of())
                        .onSuccess(committed -> told(committed.repliesWaiting()))
                        .onComplete(alsoIgnored -> probe());
            }
        });
    }
}
