// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import dev.spillway.gateway.async.Timers;
import dev.spillway.gateway.messenger.Event;
import dev.spillway.gateway.stream.Finished;
import dev.spillway.gateway.stream.Guarded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What becomes of an event when the bot has had it. Threads: owned by one context. */
final class Outcomes {
    /** What it is. */
    sealed interface Outcome {
        /** They are finished, each in its way. */
        record Ends(List<Finished> finished) implements Outcome {}

        /** They are run again, not before this time has passed. */
        record Again(Duration after) implements Outcome {}
    }

    private final WorkerParts parts;
    private final int partition;

    Outcomes(WorkerParts parts, int partition) {
        this.parts = parts;
        this.partition = partition;
    }

    /** Of a run of these, mostly of one. */
    Outcome of(List<Work> works, Verdict verdict) {
        return switch (verdict) {
            case Verdict.Accept accept ->
                Replies.refusal(works.getLast().event(), accept.replies())
                        .map(refusal -> again(works, Duration.ZERO, "reply-refused: " + refusal))
                        .orElseGet(() -> new Outcome.Ends(done(works, accept)));
            case Verdict.Release release -> again(works, release.after(), "bot-released: " + release.reason());
            case Verdict.Reject reject -> dead(works, "bot-rejected: " + reject.reason());
        };
    }

    Outcome ofFailure(List<Work> works, Throwable thrown) {
        return again(works, Duration.ZERO, "bot-failed: " + thrown.getClass().getSimpleName());
    }

    static Finished dead(Work work, String reason, int attempts) {
        return new Finished.Dead(Guarded.of(work.event()), reason, attempts, work.line());
    }

    private static Outcome dead(List<Work> works, String reason) {
        return new Outcome.Ends(
                works.stream().map(work -> dead(work, reason, work.attempts())).toList());
    }

    // The replies are the last one's.
    private List<Finished> done(List<Work> works, Verdict.Accept accept) {
        var finished = new ArrayList<Finished>(works.size());
        for (var work : works.subList(0, works.size() - 1)) {
            finished.add(new Finished.Done(Guarded.of(work.event()), List.of()));
        }
        var last = works.getLast().event();
        finished.add(new Finished.Done(Guarded.of(last), lines(last, accept)));
        return finished;
    }

    private List<byte[]> lines(Event event, Verdict.Accept accept) {
        var heldBack = Replies.heldBack(event, parts.replay());
        if (heldBack) {
            parts.metrics().heldBack(accept.replies().size());
        }
        var hour = parts.clock().instant().getEpochSecond() / 3600;
        var user = event.user();
        return user == null || heldBack
                ? List.of()
                : Replies.lines(partition, parts.subscription(), event, user, accept.replies(), hour);
    }

    private Outcome again(List<Work> works, Duration atLeast, String reason) {
        var first = works.getFirst();
        var tried = Duration.ofNanos(parts.nanoClock().getAsLong() - first.firstTriedNanos());
        var settings = parts.settings();
        // Of several nobody knows which one it was: each has a run of its own first.
        var isLast = first.attempts() >= settings.attemptsMax() || tried.compareTo(settings.retryFor()) >= 0;
        if (isLast && works.size() == 1) {
            return dead(works, reason);
        }
        var backoff = Timers.backoff(first.attempts(), BotSettings.BACKOFF_BASE, BotSettings.BACKOFF_CEILING);
        return new Outcome.Again(backoff.compareTo(atLeast) > 0 ? backoff : atLeast);
    }
}
