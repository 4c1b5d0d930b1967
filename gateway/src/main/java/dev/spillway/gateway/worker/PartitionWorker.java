// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import dev.spillway.gateway.async.CrashPoint;
import dev.spillway.gateway.async.Timers;
import dev.spillway.gateway.messenger.Event;
import dev.spillway.gateway.messenger.EventKey;
import dev.spillway.gateway.stream.Entry;
import dev.spillway.gateway.stream.Finished;
import dev.spillway.gateway.stream.Guarded;
import dev.spillway.gateway.stream.HeldPartitions;
import dev.spillway.gateway.stream.Intake;
import dev.spillway.gateway.stream.LeaseLost;
import dev.spillway.gateway.stream.StoreUnavailable;
import dev.spillway.gateway.stream.StreamGroup;
import dev.spillway.gateway.stream.Tenure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
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

    private final WorkerParts parts;
    private final Timers timers;
    private final Tenure tenure;
    private final Intake intake;
    private final CommitQueue commits;
    private final Suspicion suspicion;
    private final RepliesRoom room;
    private final Asides asides;
    private final EntryReader reader;
    private final EventRuns runs;

    private final List<Promise<Void>> idleWaiters = new ArrayList<>();
    private int reading;
    private String lastRead = "0-0";
    private boolean ended;
    private boolean leaving;

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
                this::readAll,
                tenure::fenced,
                () -> parts.consumer().doorbell().changed());
        this.commits = new CommitQueue(
                timers, parts.consumer().store(), parts.subscription(), tenure, this::committed, this::failed);
        this.room = new RepliesRoom(parts, timers, tenure, this::hold);
        this.asides = new Asides(parts, timers, tenure, intake, new Hosting());
        this.reader = new EntryReader(parts.filter(), parts.subscription().name(), asides::has);
        this.suspicion = new Suspicion(tenure, parts.suspectTurn(), new Suspected());
        this.runs = new EventRuns(parts, tenure.partition(), timers, commits, asides, suspicion, new RunsHost());
    }

    @Override
    public void start() {
        before().compose(ignored -> asides.start())
                .onSuccess(ignored -> {
                    if (!ended && !leaving) {
                        parts.consumer().doorbell().add(intake);
                        intake.ring().onComplete(alsoIgnored -> suspicion.allRead());
                    }
                })
                .onFailure(this::failed);
    }

    // What a reset makes the partition read again is marked as such, so it must be known before.
    private Future<Void> before() {
        return switch (parts.replay()) {
            case NONE -> Future.succeededFuture();
            case HOLD, SEND ->
                sure(() -> parts.consumer().replayed(tenure.partition(), parts.subscription()))
                        .onSuccess(reader::replayed)
                        .mapEmpty();
        };
    }

    private void hold(boolean hold) {
        intake.hold(hold);
        asides.hold(hold);
    }

    @Override
    public Future<Void> handOver() {
        leaving = true;
        intake.stop();
        asides.stop();
        runs.stop();
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
        room.end();
        asides.end();
        suspicion.end();
        runs.end();
        idleWaiters.forEach(Promise::tryComplete);
    }

    // Reading: entries become queues.

    private Future<Void> readAll(List<Entry> entries) {
        return read(entries, "");
    }

    private Future<Void> read(List<Entry> entries, String asidePage) {
        CrashPoint.at("take.after");
        var works = new ArrayList<Work>();
        for (var entry : entries) {
            switch (reader.read(entry, asidePage)) {
                case EntryReader.Reading.Works(var open, var some) -> {
                    works.addAll(some);
                    commits.close(open);
                }
                case EntryReader.Reading.Newer ignored -> {
                    return leaveToNewer();
                }
                case EntryReader.Reading.Unreadable ignored -> {
                    return standStill("a record that cannot be read");
                }
            }
        }
        reading++;
        var last = entries.getLast().id();
        return finishedBefore(works)
                .compose(finished -> asides.settled().map(finished))
                .compose(finished -> {
                    finished.forEach(runs::duplicate);
                    works.removeAll(finished);
                    var apart = asidePage.isEmpty() ? asides.split(works) : Map.<String, List<Work>>of();
                    works.forEach(work -> {
                        if (suspicion.holds(work)) {
                            suspicion.add(work);
                        } else {
                            runs.queue(work);
                        }
                    });
                    suspicion.next();
                    return asides.follow(apart, last);
                })
                .onFailure(this::failed)
                .onComplete(ignored -> {
                    reading--;
                    if (asidePage.isEmpty() && !ended) {
                        lastRead = last;
                        if (intake.isFull()) {
                            asides.full();
                        }
                    }
                    asides.proceed();
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

    // An earlier holder may have finished what it left, or another copy of what came late.
    private Future<Set<Work>> finishedBefore(List<Work> works) {
        var doubtful = works.stream()
                .filter(work -> work.entry().redelivered() || doubtful(work.event()))
                .toList();
        if (doubtful.isEmpty()) {
            return Future.succeededFuture(Set.of());
        }
        return finished(doubtful);
    }

    private Future<Set<Work>> finished(List<Work> works) {
        var guarded = works.stream().map(work -> Guarded.of(work.event())).toList();
        return sure(() -> parts.consumer()
                        .store()
                        .seen(tenure.partition(), parts.subscription(), tenure.fence(), guarded))
                .map(flags -> {
                    var finished = new HashSet<Work>();
                    for (var i = 0; i < flags.size(); i++) {
                        if (flags.get(i)) {
                            finished.add(works.get(i));
                        }
                    }
                    return (Set<Work>) finished;
                });
    }

    // Until it is answered, or the partition is ours no more.
    private <T> Future<T> sure(Supplier<Future<T>> call) {
        return timers.until(call, failure -> failure instanceof StoreUnavailable && tenure.isValid() && !ended);
    }

    /** What setting pages aside has done, as far as it is ours to do. */
    private final class Hosting implements Asides.Host {
        @Override
        public void queue(Work work) {
            runs.queue(work);
        }

        @Override
        public void close(Work work) {
            commits.close(work.entry());
        }

        @Override
        public List<Work> removePage(String page) {
            return runs.removePage(page);
        }

        @Override
        public boolean isQuiet() {
            return reading == 0 && !suspicion.isOpen();
        }

        @Override
        public String lastRead() {
            return lastRead;
        }

        @Override
        public Future<Void> read(List<Entry> entries, String page) {
            return PartitionWorker.this.read(entries, page);
        }

        @Override
        public <T> Future<T> sure(Supplier<Future<T>> call) {
            return PartitionWorker.this.sure(call);
        }

        @Override
        public void failed(Throwable failure) {
            PartitionWorker.this.failed(failure);
        }
    }

    /** What running events has done, as far as it is ours to do. */
    private final class RunsHost implements EventRuns.Host {
        @Override
        public Future<Set<Work>> finished(List<Work> works) {
            return PartitionWorker.this.finished(works).onFailure(PartitionWorker.this::failed);
        }

        @Override
        public void commit(List<Work> works, List<Finished> finished) {
            finish(works, finished);
        }

        @Override
        public void checkIdle() {
            PartitionWorker.this.checkIdle();
        }
    }

    /** What a suspicion has done, as far as it is ours to do. */
    private final class Suspected implements Suspicion.Runs {
        @Override
        public Future<Void> note(List<EventKey> running) {
            if (!running.isEmpty()) {
                parts.metrics().suspectGroup();
            }
            var group = StreamGroup.of(parts.subscription());
            return sure(() -> parts.consumer().store().suspect(tenure.partition(), group, tenure.fence(), running))
                    .onFailure(PartitionWorker.this::failed);
        }

        @Override
        public void run(Work work) {
            runs.queue(work);
        }

        @Override
        public void condemn(Work work, int crashes) {
            asides.queued(work);
            asides.busy(work);
            finish(List.of(work), List.of(Outcomes.dead(work, "process-died", crashes)));
        }
    }

    // Committing: what is finished leaves the window.

    private void finish(List<Work> works, List<Finished> finished) {
        commits.add(works, finished);
        for (var one : finished) {
            if (one instanceof Finished.Dead dead) {
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
    }

    private void committed(CommitQueue.Answered answered) {
        if (ended) {
            return;
        }
        runs.committed(answered.works());
        answered.works().forEach(asides::committed);
        parts.metrics().committed(answered.committed());
        for (var entry : answered.entries()) {
            if (entry.isAside()) {
                asides.acknowledged(entry);
            } else {
                intake.finished(entry.events(), entry.bytes());
            }
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
        if (runs.isIdle() && commits.isIdle()) {
            idleWaiters.forEach(Promise::tryComplete);
        }
    }
}
