// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import dev.spillway.gateway.async.Timers;
import dev.spillway.gateway.stream.Finished;
import dev.spillway.gateway.stream.Guarded;
import java.time.Duration;
import java.util.List;

/** What becomes of an event when the bot has had it. Threads: owned by one context. */
final class Outcomes {
    /** What it is. */
    sealed interface Outcome {
        /** It is finished. */
        record Ends(Finished finished) implements Outcome {}

        /** It is run again, not before this time has passed. */
        record Again(Duration after) implements Outcome {}
    }

    private final WorkerParts parts;
    private final int partition;

    Outcomes(WorkerParts parts, int partition) {
        this.parts = parts;
        this.partition = partition;
    }

    Outcome of(Work work, Verdict verdict) {
        return switch (verdict) {
            case Verdict.Accept accept ->
                Replies.refusal(work.event(), accept.replies())
                        .map(refusal -> again(work, Duration.ZERO, "reply-refused: " + refusal))
                        .orElseGet(() -> new Outcome.Ends(done(work, accept)));
            case Verdict.Release release -> again(work, release.after(), "bot-released: " + release.reason());
            case Verdict.Reject reject ->
                new Outcome.Ends(dead(work, "bot-rejected: " + reject.reason(), work.attempts()));
        };
    }

    Outcome ofFailure(Work work, Throwable thrown) {
        return again(work, Duration.ZERO, "bot-failed: " + thrown.getClass().getSimpleName());
    }

    static Finished dead(Work work, String reason, int attempts) {
        return new Finished.Dead(Guarded.of(work.event()), reason, attempts, work.line());
    }

    private Finished done(Work work, Verdict.Accept accept) {
        var user = work.event().user();
        var hour = parts.clock().instant().getEpochSecond() / 3600;
        var heldBack = Replies.heldBack(work.event(), parts.replay());
        if (heldBack) {
            parts.metrics().heldBack(accept.replies().size());
        }
        var lines = user == null || heldBack
                ? List.<byte[]>of()
                : Replies.lines(partition, parts.subscription(), work.event(), user, accept.replies(), hour);
        return new Finished.Done(Guarded.of(work.event()), lines);
    }

    private Outcome again(Work work, Duration atLeast, String reason) {
        var tried = Duration.ofNanos(parts.nanoClock().getAsLong() - work.firstTriedNanos());
        var settings = parts.settings();
        if (work.attempts() >= settings.attemptsMax() || tried.compareTo(settings.retryFor()) >= 0) {
            return new Outcome.Ends(dead(work, reason, work.attempts()));
        }
        var backoff = Timers.backoff(work.attempts(), BotSettings.BACKOFF_BASE, BotSettings.BACKOFF_CEILING);
        return new Outcome.Again(backoff.compareTo(atLeast) > 0 ? backoff : atLeast);
    }
}
