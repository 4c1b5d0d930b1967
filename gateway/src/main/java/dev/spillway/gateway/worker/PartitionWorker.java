// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import dev.spillway.gateway.async.CrashPoint;
import dev.spillway.gateway.async.Timers;
import dev.spillway.gateway.messenger.Event;
import dev.spillway.gateway.messenger.EventJson;
import dev.spillway.gateway.messenger.EventKey;
import dev.spillway.gateway.stream.Entry;
import dev.spillway.gateway.stream.Finished;
import dev.spillway.gateway.stream.Guarded;
import dev.spillway.gateway.stream.HeldPartitions;
import dev.spillway.gateway.stream.Intake;
import dev.spillway.gateway.stream.LeaseLost;
import dev.spillway.gateway.stream.Replayed;
import dev.spillway.gateway.stream.StoreUnavailable;
import dev.spillway.gateway.stream.StreamGroup;
import dev.spillway.gateway.stream.Tenure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition in our hands, for one subscription: entries in, one queue per conversation, commits out.
 *
 * <p>The head of each queue is with the bot; what a queue holds behind it waits. Nothing here survives the tenure: a
 * new holder reads everything that was not acknowledged again. Threads: owned by one context.
 */
final class PartitionWorker implements HeldPartitions.Part {
    private static final Logger log = LoggerFactory.getLogger(PartitionWorker.class);
    private static final int RECENT_KEYS_MAX = 4096;

    private final WorkerParts parts;
    private final Timers timers;
    private final Tenure tenure;
    private final Intake intake;
    private final CommitQueue commits;
    private final Suspicion suspicion;
    private final RepliesRoom room;

    private final Map<String, Deque<Work>> conversations = new HashMap<>();
    private final Set<EventKey> inHand = new HashSet<>();
    private final RecentKeys recent = new RecentKeys(RECENT_KEYS_MAX);
    private final List<Promise<Void>> idleWaiters = new ArrayList<>();
    private int running;
    private boolean ended;
    private boolean leaving;
    private Replayed replayed = Replayed.NOTHING;

    PartitionWorker(WorkerParts parts, Tenure tenure) {
        this.parts = parts;
        this.timers = new Timers(parts.vertx(), parts.consumer().context());
        this.tenure = tenure;
        this.intake = new Intake(
                parts.vertx(),
                parts.consumer().context(),
                parts.consumer().store(),
                StreamGroup.of(parts.subscription()),
                tenure,
                parts.window(),
                this::read,
                tenure::fenced,
                () -> parts.consumer().doorbell().changed());
        this.commits = new CommitQueue(
                timers, parts.consumer().store(), parts.subscription(), tenure, this::committed, this::failed);
        this.room = new RepliesRoom(parts, timers, tenure, intake);
        this.suspicion = new Suspicion(tenure, parts.suspectTurn(), new Suspected());
    }

    @Override
    public void start() {
        switch (parts.replay()) {
            case NONE -> parts.consumer().doorbell().add(intake);
            case HOLD, SEND ->
                timers.until(() -> parts.consumer().replayed(tenure.partition(), parts.subscription()), this::curable)
                        .onSuccess(this::startReplay)
                        .onFailure(this::failed);
        }
    }

    private void startReplay(Replayed found) {
        replayed = found;
        if (!ended && !leaving) {
            parts.consumer().doorbell().add(intake);
        }
    }

    @Override
    public Future<Void> handOver() {
        leaving = true;
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
        parts.metrics().dropped(inHand.size());
        room.end();
        suspicion.end();
        conversations.clear();
        inHand.clear();
        idleWaiters.forEach(Promise::tryComplete);
    }

    // Reading: entries become queues.

    private Future<Void> read(List<Entry> entries) {
        CrashPoint.at("take.after");
        var works = new ArrayList<Work>();
        var doubtful = new ArrayList<Work>();
        for (var entry : entries) {
            var open = new OpenEntry(entry);
            for (var line : entry.lines()) {
                switch (EventJson.read(entry.batch(), line.from(), line.from() + line.length())) {
                    case EventJson.Reading.Ok(var read) -> {
                        var event = replayed.includes(entry.id(), read.key()) ? read.replayed() : read;
                        if (parts.filter().wants(event, parts.subscription().name())) {
                            var bytes = Arrays.copyOfRange(entry.batch(), line.from(), line.from() + line.length());
                            var work = new Work(event, bytes, open);
                            open.opened();
                            works.add(work);
                            if (entry.redelivered() || doubtful(event)) {
                                doubtful.add(work);
                            }
                        } else {
                            open.filtered();
                        }
                    }
                    case EventJson.Reading.Newer ignored -> {
                        return leaveToNewer();
                    }
                    case EventJson.Reading.Malformed ignored -> {
                        return standStill("a record that cannot be read");
                    }
                }
            }
            commits.close(open);
        }
        return finishedBefore(doubtful).map(finished -> {
            for (var work : works) {
                if (finished.contains(work)) {
                    duplicate(work);
                } else if (suspicion.holds(work)) {
                    suspicion.add(work);
                } else {
                    queue(work);
                }
            }
            suspicion.next();
            return null;
        });
    }

    private Future<Void> leaveToNewer() {
        log.atWarn()
                .addKeyValue("partition", tenure.partition())
                .addKeyValue("subscription", parts.subscription().id())
                .log("This partition is left to processes of the newer version that wrote a record in it");
        tenure.unfit();
        return Future.succeededFuture();
    }

    private Future<Void> standStill(String why) {
        log.atError()
                .addKeyValue("partition", tenure.partition())
                .addKeyValue("subscription", parts.subscription().id())
                .log("This partition stands still: " + why);
        intake.stop();
        return Future.succeededFuture();
    }

    private static boolean doubtful(Event event) {
        return switch (event.mark().source()) {
            case PLATFORM -> event.receivedAtMillis() - event.occurredAtMillis() > BotSettings.LATE.toMillis();
            case REPAIRED, REPLAY, REDRIVEN -> true;
        };
    }

    private Future<Set<Work>> finishedBefore(List<Work> doubtful) {
        if (doubtful.isEmpty()) {
            return Future.succeededFuture(Set.of());
        }
        var guarded = doubtful.stream().map(work -> Guarded.of(work.event())).toList();
        return timers.until(
                        () -> parts.consumer()
                                .store()
                                .seen(tenure.partition(), parts.subscription(), tenure.fence(), guarded),
                        this::curable)
                .map(flags -> {
                    var finished = new HashSet<Work>();
                    for (var i = 0; i < flags.size(); i++) {
                        if (flags.get(i)) {
                            finished.add(doubtful.get(i));
                        }
                    }
                    return (Set<Work>) finished;
                })
                .onFailure(this::failed);
    }

    private boolean curable(Throwable failure) {
        return failure instanceof StoreUnavailable && tenure.isValid() && !ended;
    }

    // Working: one event of a conversation at a time.

    private void queue(Work work) {
        if (ended) {
            return;
        }
        var key = work.event().key();
        if (recent.contains(key) || !inHand.add(key)) {
            duplicate(work);
            return;
        }
        if (GuardLife.mayBeOver(work.event(), parts.clock().instant())) {
            parts.metrics().beyondGuard();
        }
        var queue = conversations.computeIfAbsent(work.event().conversation(), ignored -> new ArrayDeque<>());
        queue.addLast(work);
        if (queue.size() == 1) {
            run(work);
        }
    }

    private void duplicate(Work work) {
        parts.metrics().duplicate();
        commits.close(work.entry());
        suspicion.over(work);
    }

    private void run(Work work) {
        if (ended || leaving) {
            return;
        }
        var started = parts.nanoClock().getAsLong();
        work.trying(started);
        running++;
        var replyBy = Instant.ofEpochMilli(work.event().occurredAtMillis()).plus(BotSettings.REPLY_WINDOW);
        parts.runner()
                .run(parts.bot(), new Delivery(work.event(), work.attempts(), replyBy))
                .onComplete(verdict -> {
                    running--;
                    parts.metrics()
                            .ran(
                                    parts.nanoClock().getAsLong() - started,
                                    verdict.succeeded() ? verdict.result() : null);
                    if (!ended) {
                        if (verdict.succeeded()) {
                            decide(work, verdict.result());
                        } else {
                            retry(
                                    work,
                                    Duration.ZERO,
                                    "bot-failed: " + verdict.cause().getClass().getSimpleName());
                        }
                        suspicion.over(work);
                        checkIdle();
                    }
                });
    }

    private void decide(Work work, Verdict verdict) {
        switch (verdict) {
            case Verdict.Accept accept -> {
                var refusal = Replies.refusal(work.event(), accept.replies());
                if (refusal.isPresent()) {
                    retry(work, Duration.ZERO, "reply-refused: " + refusal.get());
                } else {
                    finish(work, done(work, accept));
                }
            }
            case Verdict.Release release -> retry(work, release.after(), "bot-released: " + release.reason());
            case Verdict.Reject reject -> finish(work, dead(work, "bot-rejected: " + reject.reason(), work.attempts()));
        }
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
                : Replies.lines(tenure.partition(), parts.subscription(), work.event(), user, accept.replies(), hour);
        return new Finished.Done(Guarded.of(work.event()), lines);
    }

    private static Finished dead(Work work, String reason, int attempts) {
        return new Finished.Dead(Guarded.of(work.event()), reason, attempts, work.line());
    }

    private void retry(Work work, Duration atLeast, String reason) {
        var tried = Duration.ofNanos(parts.nanoClock().getAsLong() - work.firstTriedNanos());
        var settings = parts.settings();
        if (work.attempts() >= settings.attemptsMax() || tried.compareTo(settings.retryFor()) >= 0) {
            finish(work, dead(work, reason, work.attempts()));
            return;
        }
        parts.metrics().retried();
        var backoff = Timers.backoff(work.attempts(), BotSettings.BACKOFF_BASE, BotSettings.BACKOFF_CEILING);
        timers.after(backoff.compareTo(atLeast) > 0 ? backoff : atLeast).onSuccess(ignored -> run(work));
    }

    private void finish(Work work, Finished finished) {
        var conversation = work.event().conversation();
        var queue = conversations.get(conversation);
        commit(work, finished);
        if (queue != null) {
            queue.removeFirst();
            if (queue.isEmpty()) {
                conversations.remove(conversation);
            } else {
                run(queue.getFirst());
            }
        }
    }

    private void commit(Work work, Finished finished) {
        commits.add(work, finished);
        if (finished instanceof Finished.Dead dead) {
            CrashPoint.at("dead.after");
            parts.metrics().dead();
            log.atWarn()
                    .addKeyValue("subscription", parts.subscription().id())
                    .addKeyValue("event", dead.event().key())
                    .addKeyValue("attempts", dead.attempts())
                    .addKeyValue("reason", dead.reason())
                    .log("An event became a dead letter");
        }
    }

    /** What a suspicion has done, as far as it is ours to do. */
    private final class Suspected implements Suspicion.Runs {
        @Override
        public Future<Void> note(List<EventKey> running) {
            if (!running.isEmpty()) {
                parts.metrics().suspectGroup();
            }
            return timers.until(
                            () -> parts.consumer()
                                    .store()
                                    .suspect(
                                            tenure.partition(),
                                            StreamGroup.of(parts.subscription()),
                                            tenure.fence(),
                                            running),
                            PartitionWorker.this::curable)
                    .onFailure(PartitionWorker.this::failed);
        }

        @Override
        public void run(Work work) {
            queue(work);
        }

        @Override
        public void condemn(Work work, int crashes) {
            commit(work, dead(work, "process-died", crashes));
        }
    }

    // Committing: what is finished leaves the window.

    private void committed(CommitQueue.Answered answered) {
        if (ended) {
            return;
        }
        for (var work : answered.works()) {
            recent.add(work.event().key());
            inHand.remove(work.event().key());
        }
        parts.metrics().committed(answered.committed());
        for (var entry : answered.entries()) {
            intake.finished(entry.events(), entry.bytes());
        }
        room.told(answered.committed().repliesWaiting());
        checkIdle();
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
        if (running == 0 && commits.isIdle()) {
            idleWaiters.forEach(Promise::tryComplete);
        }
    }
}
