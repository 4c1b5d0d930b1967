// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dispatch;

import dev.spillway.gateway.async.Timers;
import dev.spillway.gateway.messenger.Channel;
import dev.spillway.gateway.stream.JournalRow;
import dev.spillway.gateway.stream.ReplyAttempt;
import dev.spillway.gateway.stream.Sealed;
import dev.spillway.gateway.stream.StoreUnavailable;
import dev.spillway.gateway.stream.Tenure;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/**
 * Resolves a send of which nobody knows whether it left: the platform's echo tells, and if none comes in time, the reply's
 * own policy decides.
 *
 * <p>The wait is counted on our own monotonic clock from when we learned of the doubt. Threads: owned by one context.
 */
final class Doubts {
    private static final Duration POLL = Duration.ofMillis(250);
    /** By this holder. */
    private static final int REPEATS_MAX = 3;
    /** By all holders; the journal counts attempts that were taken back or refused before the doubt, too. */
    private static final int ATTEMPTS_MAX = 20;

    /** What is to be done. */
    sealed interface Resolution {
        /** It has ended like this. */
        record Ended(Sealed how) implements Resolution {}

        /** The journal knows of no attempt in doubt any more: start as if anew. */
        record StartAgain() implements Resolution {}

        /**
         * Send it once more, over the doubt.
         *
         * @param attempt that may have left
         */
        record SendAgain(int attempt) implements Resolution {}

        /** The partition is ours no more, or about to be given back: the next holder finds the doubt by itself. */
        record Abandoned() implements Resolution {}
    }

    private final DispatchParts parts;
    private final Timers timers;
    private final Tenure tenure;

    Doubts(DispatchParts parts, Timers timers, Tenure tenure) {
        this.parts = parts;
        this.timers = timers;
        this.tenure = tenure;
    }

    Future<Resolution> resolve(Sending sending) {
        // WhatsApp sends no echoes.
        var wait = sending.reply().channel() == Channel.WHATSAPP ? Duration.ZERO : parts.doubtWait();
        return poll(sending, parts.nanoClock().getAsLong() + wait.toNanos());
    }

    private Future<Resolution> poll(Sending sending, long deadlineNanos) {
        var reply = List.of(sending.reply().id());
        return timers.until(
                        () -> parts.consumer().store().rows(tenure.partition(), reply),
                        failure -> failure instanceof StoreUnavailable && open())
                .compose(rows -> open()
                        ? decide(sending, rows.getFirst(), deadlineNanos)
                        : Future.succeededFuture(new Resolution.Abandoned()));
    }

    private boolean open() {
        return tenure.isValid() && !tenure.isYielding();
    }

    private Future<Resolution> decide(Sending sending, JournalRow row, long deadlineNanos) {
        return switch (row.state()) {
            case SEEN -> {
                parts.metrics().doubtSeen();
                yield ended(new Sealed.Sent(attempt(sending, row), row.epoch()));
            }
            case NONE, DONE, REFUSED, PARKED -> Future.succeededFuture(new Resolution.StartAgain());
            case SENDING ->
                parts.nanoClock().getAsLong() < deadlineNanos
                        ? timers.after(POLL).compose(ignored -> poll(sending, deadlineNanos))
                        : byPolicy(sending, row);
        };
    }

    private Future<Resolution> byPolicy(Sending sending, JournalRow row) {
        var reason =
                switch (sending.reply().inDoubt()) {
                    case PARK -> "in-doubt";
                    case RESEND -> whyNotAgain(sending, row);
                };
        if (reason.isEmpty()) {
            parts.metrics().doubtResent();
            return Future.succeededFuture(new Resolution.SendAgain(row.attempt()));
        }
        parts.metrics().doubtParked();
        return ended(new Sealed.Refused(attempt(sending, row), row.epoch(), reason, sending.line()));
    }

    // A reply whose sends end in doubt every time, or end its holder, must not reach the person without end.
    private String whyNotAgain(Sending sending, JournalRow row) {
        if (sending.repeats() >= REPEATS_MAX || row.attempt() >= ATTEMPTS_MAX) {
            return "in-doubt: sent " + (sending.repeats() + 1) + " times without an answer";
        }
        return sending.isPast(parts.clock().millis()) ? "in-doubt: its window closed before it was sent again" : "";
    }

    private static Future<Resolution> ended(Sealed how) {
        return Future.succeededFuture(new Resolution.Ended(how));
    }

    private static ReplyAttempt attempt(Sending sending, JournalRow row) {
        return new ReplyAttempt(sending.reply().id(), sending.reply().hour(), row.attempt());
    }
}
