// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dispatch;

import dev.spillway.gateway.async.Batcher;
import dev.spillway.gateway.async.CrashPoint;
import dev.spillway.gateway.async.Timers;
import dev.spillway.gateway.graph.GraphCall;
import dev.spillway.gateway.graph.Outcome;
import dev.spillway.gateway.stream.JournalWord;
import dev.spillway.gateway.stream.ReplyAttempt;
import dev.spillway.gateway.stream.StoreUnavailable;
import dev.spillway.gateway.stream.Tenure;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Takes one reply of a partition from its permit to the platform's answer: permit, journal, the permit's instant, call.
 *
 * <p>The permit comes ahead of its instant, and the journal is written while it runs. Fence and permit are checked right
 * before the bytes leave; what may not leave then is taken back from the journal, and nobody need doubt. Threads: owned by
 * one context.
 */
final class Departures {
    private static final int BEGIN_MAX = 64;
    /** Timers tick in whole milliseconds, and a permit is not good before its instant. */
    private static final Duration TICK = Duration.ofMillis(1);

    /** How it went. */
    sealed interface End {
        /**
         * The call was made.
         *
         * @param probe whether it was to find out if the platform is well again
         */
        record Called(Outcome outcome, boolean probe) implements End {}

        /** An earlier attempt had finished the reply. */
        record Finished() implements End {}

        /** An earlier attempt may have left. */
        record InDoubt() implements End {}

        /** Nothing left, and the journal knows: start again. */
        record Again() implements End {}

        /** The partition is no longer ours. */
        record Abandoned() implements End {}
    }

    private final DispatchParts parts;
    private final Timers timers;
    private final Tenure tenure;
    private final BooleanSupplier ended;
    private final Batcher<ReplyAttempt, JournalWord> begins;

    /**
     * Nothing is sent yet.
     *
     * @param ended whether the partition is given up
     */
    Departures(DispatchParts parts, Timers timers, Tenure tenure, BooleanSupplier ended) {
        this.parts = parts;
        this.timers = timers;
        this.tenure = tenure;
        this.ended = ended;
        this.begins = new Batcher<>(BEGIN_MAX, attempts -> begin(attempts, false));
    }

    private Future<List<JournalWord>> begin(List<ReplyAttempt> attempts, boolean overDoubt) {
        return timers.until(
                () -> parts.consumer().store().begin(tenure.partition(), tenure.fence(), attempts, overDoubt),
                this::curable);
    }

    /** Sends it under this permit, which is given back in any case. Fails if the journal could not be written. */
    Future<End> depart(Sending sending, Pace.Permit permit) {
        var word = sending.isOverDoubt()
                ? begin(List.of(sending.attempt()), true).map(List::getFirst)
                : begins.submit(sending.attempt());
        var started = parts.nanoClock().getAsLong();
        return word.onFailure(failure -> permit.release()).compose(said -> {
            parts.lead().took(parts.nanoClock().getAsLong() - started);
            if (ended.getAsBoolean()) {
                return unused(permit, new End.Abandoned());
            }
            return switch (said) {
                case SEND -> {
                    CrashPoint.at("begin.after");
                    yield due(permit).compose(ignored -> write(sending, permit));
                }
                case FINISHED -> unused(permit, new End.Finished());
                case IN_DOUBT -> unused(permit, new End.InDoubt());
            };
        });
    }

    private static Future<End> unused(Pace.Permit permit, End end) {
        permit.release();
        return Future.succeededFuture(end);
    }

    private Future<Void> due(Pace.Permit permit) {
        if (permit.isVoid()) {
            return permit.renewed();
        }
        var left = permit.dueIn();
        return left.isZero()
                ? Future.succeededFuture()
                : timers.after(left.plus(TICK)).compose(ignored -> due(permit));
    }

    private Future<End> write(Sending sending, Pace.Permit permit) {
        if (!tenure.isValid() || !permit.spend()) {
            permit.release();
            return takenBack(sending);
        }
        var reply = sending.reply();
        return parts.graph()
                .send(new GraphCall(reply.page(), reply.user(), reply.message()))
                .map(answer -> {
                    var probe = permit.isProbe();
                    permit.used(answer);
                    return new End.Called(answer.outcome(), probe);
                });
    }

    private Future<End> takenBack(Sending sending) {
        var attempt = sending.attempt();
        sending.again();
        parts.metrics().takenBack();
        return undone(attempt).map(ignored -> new End.Again());
    }

    /** The journal forgets an attempt that surely did not leave; ends even if it cannot be told. */
    Future<Void> undone(ReplyAttempt attempt) {
        return timers.until(
                        () -> parts.consumer().store().abort(tenure.partition(), tenure.fence(), attempt),
                        this::curable)
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    private boolean curable(Throwable failure) {
        return failure instanceof StoreUnavailable && tenure.isValid() && !ended.getAsBoolean();
    }
}
