// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dispatch;

import dev.spillway.gateway.async.Conversations;
import dev.spillway.gateway.async.CrashPoint;
import dev.spillway.gateway.async.Timers;
import dev.spillway.gateway.graph.Outcome;
import dev.spillway.gateway.messenger.Channel;
import dev.spillway.gateway.stream.Entry;
import dev.spillway.gateway.stream.HeldPartitions;
import dev.spillway.gateway.stream.Intake;
import dev.spillway.gateway.stream.LeaseLost;
import dev.spillway.gateway.stream.ReplyRecord;
import dev.spillway.gateway.stream.Sealed;
import dev.spillway.gateway.stream.StoreUnavailable;
import dev.spillway.gateway.stream.StreamGroup;
import dev.spillway.gateway.stream.Tenure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replies of one partition in our hands: entries in, one queue per conversation, one reply of it on its way.
 *
 * <p>Each goes begin, send, settle. Between begin and settle the journal says SENDING, and whoever finds that without
 * having sent it himself is in doubt. Threads: owned by one context.
 */
final class PartitionDispatcher implements HeldPartitions.Part {
    private static final Logger log = LoggerFactory.getLogger(PartitionDispatcher.class);
    private static final int FAILURES_MAX = 5;
    /** Until its window closes. */
    private static final int FOR_EVER = Integer.MAX_VALUE;

    private static final Duration BACKOFF_BASE = Duration.ofMillis(500);
    private static final Duration BACKOFF_CEILING = Duration.ofSeconds(60);

    private final DispatchParts parts;
    private final Timers timers;
    private final Tenure tenure;
    private final Intake intake;
    private final SettleQueue settlements;
    private final Departures departures;
    private final Doubts doubts;

    private final Conversations<Sending> conversations =
            new Conversations<>(sending -> sending.reply().conversation());
    private final List<Promise<Void>> idleWaiters = new ArrayList<>();
    private int onTheirWay;
    private boolean handedOver;
    private boolean ended;

    PartitionDispatcher(DispatchParts parts, Tenure tenure) {
        this.parts = parts;
        this.timers = new Timers(parts.vertx(), parts.consumer().context());
        this.tenure = tenure;
        this.intake = new Intake(
                parts.vertx(),
                parts.consumer().context(),
                parts.consumer().store(),
                StreamGroup.DISPATCH,
                tenure,
                parts.window(),
                this::read,
                tenure::fenced,
                () -> parts.consumer().doorbell().changed());
        this.doubts = new Doubts(parts, timers, tenure);
        this.settlements = new SettleQueue(timers, parts.consumer().store(), tenure, this::settled, this::failed);
        this.departures = new Departures(parts, timers, tenure, () -> ended);
    }

    @Override
    public void start() {
        parts.consumer().doorbell().add(intake);
    }

    @Override
    public Future<Void> handOver() {
        intake.stop();
        Promise<Void> idle = Promise.promise();
        idleWaiters.add(idle);
        checkIdle();
        return idle.future();
    }

    @Override
    public void end() {
        ended = true;
        intake.stop();
        parts.consumer().doorbell().remove(intake);
        conversations.clear();
        if (!handedOver) {
            parts.confirmed().tell(tenure.partition());
        }
        idleWaiters.forEach(Promise::tryComplete);
    }

    private Future<Void> read(List<Entry> entries) {
        CrashPoint.at("replies.taken");
        for (var entry : entries) {
            var open = new OpenReplies(entry);
            for (var line : entry.lines()) {
                var reply = ReplyRecord.read(entry.batch(), line.from(), line.length());
                if (reply == null) {
                    log.atError()
                            .addKeyValue("partition", tenure.partition())
                            .log("This partition's replies stand still: a record that this version cannot read");
                    intake.stop();
                    return Future.succeededFuture();
                }
                var bytes = Arrays.copyOfRange(entry.batch(), line.from(), line.from() + line.length());
                var sending = new Sending(reply, bytes, open);
                open.opened(sending.attempt());
                queue(sending);
            }
            settlements.close(open);
        }
        return Future.succeededFuture();
    }

    private void queue(Sending sending) {
        if (conversations.add(sending)) {
            send(sending);
        }
    }

    private boolean mayStart() {
        return !ended && !tenure.isYielding() && tenure.isValid();
    }

    // What waits for its page is not on its way: a partition is handed over without it.
    private void send(Sending sending) {
        if (!mayStart()) {
            return;
        }
        var refusal = refusal(sending);
        if (!refusal.isEmpty()) {
            onTheirWay++;
            if (sending.isOverDoubt()) {
                resolve(sending);
            } else {
                refuse(sending, refusal);
            }
            return;
        }
        parts.pace().permit(sending.reply()).onSuccess(word -> {
            switch (word) {
                case Pace.Word.Granted(var permit) -> depart(sending, permit);
                case Pace.Word.NotYet(var time) -> timers.after(time).onSuccess(ignored -> send(sending));
                case Pace.Word.Closed ignored -> {
                    // The partition is about to be given back.
                }
            }
        });
    }

    private void depart(Sending sending, Pace.Permit permit) {
        if (!mayStart()) {
            permit.release();
            return;
        }
        onTheirWay++;
        departures
                .depart(sending, permit)
                .onSuccess(end -> {
                    switch (end) {
                        case Departures.End.Called called -> called(sending, called);
                        case Departures.End.Finished ignored -> finished(sending);
                        case Departures.End.InDoubt ignored -> {
                            parts.metrics().doubtFound();
                            resolve(sending);
                        }
                        case Departures.End.Again ignored -> {
                            back();
                            send(sending);
                        }
                        case Departures.End.Abandoned ignored -> back();
                    }
                })
                .onFailure(failure -> {
                    back();
                    failed(failure);
                });
    }

    // An earlier attempt had finished it.
    private void finished(Sending sending) {
        settlements.close(sending.entry());
        next(sending);
        back();
    }

    // A reply is no longer on its way, however that ended.
    private void back() {
        onTheirWay--;
        checkIdle();
    }

    private String refusal(Sending sending) {
        var reply = sending.reply();
        if (!parts.graph().knows(reply.page())) {
            return "unknown-page: " + reply.page() + " is not in spillway.pages";
        }
        if (reply.channel() == Channel.WHATSAPP) {
            return "channel: whatsapp sends are not supported by this version";
        }
        if (sending.isPast(parts.clock().millis())) {
            return "window-closed: the conversation's window ended before this could be sent";
        }
        return "";
    }

    private void called(Sending sending, Departures.End.Called called) {
        CrashPoint.at("answer.after");
        switch (called.outcome()) {
            case Outcome.Sent ignored -> {
                parts.confirmed().add(tenure.partition(), tenure.fence(), sending.attempt());
                if (ended) {
                    parts.confirmed().tell(tenure.partition());
                }
                seal(sending, new Sealed.Sent(sending.attempt(), epoch()));
            }
            case Outcome.NotSent notSent -> later(sending, notSent.why(), FOR_EVER);
            case Outcome.Refused refused -> refused(sending, refused, called.probe());
            case Outcome.InDoubt ignored -> {
                parts.metrics().doubtMade();
                resolve(sending);
            }
        }
    }

    private long epoch() {
        return tenure.fence().epoch();
    }

    private void refused(Sending sending, Outcome.Refused refused, boolean probe) {
        var why = refused.error() == null
                ? "status " + refused.status()
                : refused.error().toString();
        parts.metrics().refused(refused.remedy());
        if (refused.remedy().needsSomeone()) {
            parts.alerts().raise(sending.reply().page(), refused.remedy(), why);
        }
        switch (refused.remedy()) {
            case RETRY -> later(sending, why, probe ? FOR_EVER : FAILURES_MAX);
            case RETRY_ONCE -> later(sending, why, 2);
            case BACK_OFF, SLOW_PAGE, PAUSE_PAGE, PAGE_BLOCKED, PAUSE_APP, TOKEN -> later(sending, why, FOR_EVER);
            case DROP -> refuse(sending, "platform-refused: " + why);
            case USER_UNREACHABLE -> refuse(sending, "user-unreachable: " + why);
            case WINDOW_CLOSED -> refuse(sending, "window-closed: " + why);
            case IN_DOUBT -> resolve(sending);
        }
    }

    private void refuse(Sending sending, String reason) {
        if (sending.isPast(parts.clock().millis())) {
            parts.metrics().expired();
        }
        seal(sending, new Sealed.Refused(sending.attempt(), epoch(), reason, sending.line()));
    }

    // Surely not sent: the journal forgets the attempt, and another follows after a pause.
    private void later(Sending sending, String why, int failuresMax) {
        var attempt = sending.attempt();
        var refusals = sending.refused();
        if (failuresMax < FOR_EVER && sending.failed() >= failuresMax) {
            seal(sending, new Sealed.Refused(attempt, epoch(), "attempts: " + why, sending.line()));
            return;
        }
        parts.metrics().retried();
        departures
                .undone(attempt)
                .onComplete(ignored -> back())
                .compose(ignored -> timers.after(Timers.backoff(refusals, BACKOFF_BASE, BACKOFF_CEILING)))
                .onSuccess(ignored -> send(sending))
                .onFailure(this::failed);
    }

    private void resolve(Sending sending) {
        doubts.resolve(sending)
                .onSuccess(resolution -> {
                    switch (resolution) {
                        case Doubts.Resolution.Ended(var how) -> seal(sending, how);
                        case Doubts.Resolution.StartAgain ignored -> {
                            back();
                            send(sending);
                        }
                        case Doubts.Resolution.SendAgain(var attempt) -> {
                            sending.repeat(attempt);
                            back();
                            send(sending);
                        }
                        case Doubts.Resolution.Abandoned ignored -> back();
                    }
                })
                .onFailure(failure -> {
                    back();
                    failed(failure);
                });
    }

    // The reply has ended; the next of its conversation may go.
    private void seal(Sending sending, Sealed sealed) {
        if (sealed instanceof Sealed.Refused refused) {
            parts.metrics().dead();
            log.atWarn()
                    .addKeyValue("reply", sending.reply().id())
                    .addKeyValue("reason", refused.reason())
                    .log("A reply became a dead letter");
        }
        settlements.add(sealed, sending.entry());
        next(sending);
        back();
    }

    private void next(Sending sending) {
        var next = conversations.next(sending);
        if (next != null) {
            send(next);
        }
    }

    private void settled(List<OpenReplies> entries) {
        if (!ended) {
            entries.forEach(entry -> intake.finished(entry.count(), entry.bytes()));
            checkIdle();
        }
    }

    // Whatever could not be repeated is dropped with the tenure: the next holding, perhaps our own, reads it again.
    private void failed(Throwable failure) {
        if (!(failure instanceof LeaseLost || failure instanceof StoreUnavailable)) {
            log.atError()
                    .addKeyValue("partition", tenure.partition())
                    .setCause(failure)
                    .log("A partition is given up after a failure that a repeat cannot cure");
        }
        tenure.fenced();
        idleWaiters.forEach(Promise::tryComplete);
    }

    private void checkIdle() {
        if (onTheirWay == 0 && settlements.isIdle()) {
            handedOver |= !idleWaiters.isEmpty();
            idleWaiters.forEach(Promise::tryComplete);
        }
    }
}
