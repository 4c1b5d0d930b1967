// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import dev.spillway.ratelimit.LeaseReply.Granted;
import dev.spillway.ratelimit.LeaseReply.Refused;
import dev.spillway.ratelimit.RateLimitExceededException.Reason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Gives out the units of one class of a scope on this node.
 *
 * <p><b>Idea.</b> Units come from the store in batches; at most one request is under way, so that waiters share it and nodes
 * take turns. A unit is bound to a waiter only when it is due and handed over, so a wait that was cancelled cannot lose one.
 * {@code pump} is the whole life: drop what is void, refuse who is late, serve who may, ask for more, wake up in time.
 *
 * <p><b>Invariants.</b> At most 2q units in hand, q being the batch; every waiter is completed exactly once; nothing here
 * waits.
 *
 * <p>Threads: {@code acquire}, {@code tryAcquire} and the permits' methods: any. Everything else: the lane's.
 */
final class Desk {
    private static final long BACKOFF_NANOS = 5_000_000;
    private static final long BACKOFF_NANOS_MAX = 250_000_000;
    private static final long RECHECK_NANOS = 5_000_000;

    private final Node node;
    private final Lane lane;
    private final ScopeView view;
    private final Tariff tariff;
    private final long holdNanos;
    private final long weightMax;
    private final boolean paced;
    private final Foresight foresight;
    private final Settlement settlement;
    private final SafeShare share;
    private final Alarm alarm;
    private final Hand hand = new Hand();
    private final AtomicBoolean nudged = new AtomicBoolean();
    /** Whether anyone waits: then nobody may take past the line. Written by the lane. */
    private volatile boolean queueing;

    // The lane's own.
    private final WaitingLine line;
    private boolean asking;
    private boolean closed;
    private long retryNanos;
    private long shutUntilNanos;
    private long backoffNanos = BACKOFF_NANOS;
    private String boundBy = "";
    private long interval;
    private long takenBefore;

    Desk(Node node, Lane lane, ScopeView view, Tariff tariff, boolean paced) {
        this.node = node;
        this.lane = lane;
        this.view = view;
        this.tariff = tariff;
        this.paced = paced;
        this.line = new WaitingLine(view.pace);
        this.holdNanos = Ticks.toNanos(tariff.holdTicks());
        this.weightMax = tariff.weightMax(Ticks.of(node.settings().ahead()));
        this.interval = tariff.slowestInterval();
        this.retryNanos = lane.nanos();
        this.shutUntilNanos = retryNanos;
        this.foresight = new Foresight(holdNanos, retryNanos);
        this.share = new SafeShare(node, view, tariff);
        this.alarm = new Alarm(lane, this::pump);
        this.settlement = new Settlement(node, lane, view, tariff);
    }

    CompletionStage<Permit> acquire(AcquireRequest request) {
        if (request.weight() > weightMax) {
            return CompletableFuture.failedStage(new IllegalArgumentException("weight: " + request.weight()
                    + " (expected: 1.." + weightMax + ", what the limits can ever grant)"));
        }
        var now = lane.nanos();
        var inHand = takeInHand(now, request.weight());
        if (inHand != null) {
            node.meters().granted();
            return CompletableFuture.completedFuture(inHand);
        }
        var waiter = new Waiter(request, now + request.maxWait().toNanos(), this::cancelled);
        lane.execute(() -> enter(waiter));
        return waiter;
    }

    @Nullable
    Permit tryAcquire(AcquireRequest request) {
        var permit = takeInHand(lane.nanos(), request.weight());
        if (permit != null) {
            node.meters().granted();
        }
        return permit;
    }

    /** Past the line, if nobody stands in it: a conversation's own pace is known to the lane only. */
    private @Nullable Permit takeInHand(long now, int weight) {
        var batch = hand.inUse();
        if (queueing || paced || batch == null || !usable(batch, now)) {
            return null;
        }
        var unit = batch.take(now, weight);
        if (unit < 0) {
            return null;
        }
        var early = foresight.units();
        if (early > 0 && 2 * batch.left() <= early && nudged.compareAndSet(false, true)) {
            lane.execute(this::pump);
        }
        return new LeasedPermit(this, batch, unit, weight);
    }

    boolean stillValid(Batch batch, long unit) {
        var now = lane.nanos();
        return usable(batch, now) && now - batch.voidNanos(unit) <= 0;
    }

    private boolean usable(Batch batch, long now) {
        return batch.generation == view.generation()
                && (batch.local ? node.health().degraded(now) : node.health().fresh(now));
    }

    private void cancelled(Waiter waiter) {
        lane.execute(() -> {
            if (waiter.flow != null) {
                leave(waiter);
                pump();
            }
        });
    }

    void enter(Waiter waiter) {
        if (waiter.isDone()) {
            return;
        }
        var now = lane.nanos();
        var refusal = refusal(waiter, now);
        if (refusal != null) {
            refuse(waiter, refusal);
            return;
        }
        line.add(waiter);
        queueing = true;
        node.waiting().incrementAndGet();
        pump();
    }

    /** What is known to be in vain is refused at once. */
    private @Nullable RateLimitExceededException refusal(Waiter waiter, long now) {
        if (closed) {
            return new RateLimitExceededException(Reason.CLOSED, "", Duration.ZERO);
        }
        if (line.size() >= node.settings().waitingMax()
                || node.waiting().get() >= node.settings().waitingMaxNode()) {
            return new RateLimitExceededException(Reason.QUEUE_FULL, boundBy, Ticks.toDuration(interval * line.size()));
        }
        var left = waiter.deadlineNanos - now;
        var pause = view.pauseNanos(now);
        if (pause > left) {
            return new RateLimitExceededException(Reason.PAUSED, "", Duration.ofNanos(pause));
        }
        // The store said when the limit opens, and is not asked before: whoever cannot wait so long need not wait at
        // all.
        if (hand.units() == 0 && shutUntilNanos - now > left) {
            return new RateLimitExceededException(Reason.LIMIT, boundBy, Duration.ofNanos(shutUntilNanos - now));
        }
        var turns = line.turnsBefore(waiter.request) - hand.units() - weightMax;
        var wait = turns > 0 ? Ticks.toNanos(turns * interval) : 0;
        if (wait > left) {
            return new RateLimitExceededException(Reason.LIMIT, boundBy, Duration.ofNanos(wait));
        }
        return null;
    }

    void pump() {
        nudged.set(false);
        var now = lane.nanos();
        refuseOverdue(now);
        serve(now);
        if (node.health().degraded(now)) {
            askSelf(now);
        } else {
            ask(now);
        }
        queueing = line.size() > 0;
        sleep(now);
    }

    private void refuseOverdue(long now) {
        for (var late = line.overdue(now); late != null; late = line.overdue(now)) {
            var after = Math.max(retryNanos - now, Ticks.toNanos(interval));
            leave(late);
            refuse(late, new RateLimitExceededException(Reason.DEADLINE, boundBy, Duration.ofNanos(after)));
        }
    }

    private void serve(long now) {
        for (var head = line.head(now); head != null; head = line.head(now)) {
            var batch = batchInUse(now);
            if (batch == null) {
                return;
            }
            var unit = batch.take(now, head.weight());
            if (unit == Batch.NOT_YET) {
                return;
            }
            if (unit == Batch.GONE) {
                putAway(batch);
            } else {
                handOver(head, new LeasedPermit(this, batch, unit, head.weight()), now);
            }
        }
    }

    private void handOver(Waiter head, LeasedPermit permit, long now) {
        line.served(head, now);
        node.waiting().decrementAndGet();
        if (head.complete(permit)) {
            node.meters().granted();
        } else {
            released(permit); // cancelled at this very moment
        }
    }

    /** The batch in use; void ones are put away on the way. */
    private @Nullable Batch batchInUse(long now) {
        for (var batch = hand.inUse(); batch != null; batch = hand.inUse()) {
            var ours = batch.local == node.health().degraded(now);
            if (ours && batch.generation == view.generation() && batch.left() > 0) {
                return usable(batch, now) ? batch : null;
            }
            putAway(batch);
        }
        return null;
    }

    private void putAway(Batch batch) {
        var taken = batch.taken();
        var unused = batch.abandon() + batch.expired();
        takenBefore += taken;
        node.meters().units(taken, unused);
        hand.next();
        settlement.giveBack(batch, unused, false);
    }

    /** Asks the store, if units are wanted, few are in hand, and it makes sense now. */
    private void ask(long now) {
        if (asking || closed || retryNanos - now > 0) {
            return;
        }
        batchInUse(now);
        var inUse = hand.inUse();
        foresight.measure(takenBefore + (inUse == null ? 0 : inUse.taken()), now, paced ? 0 : batchSize());
        var head = line.head(now);
        var demand =
                foresight.units() + (head == null ? 0 : line.weight()); // those who all stand aside need nothing yet
        var inHand = hand.units();
        var batch = batchSize();
        var need = head == null ? 1 : head.weight();
        if (demand <= inHand || (2 * inHand > Math.min(batch, demand) && inHand >= need)) {
            return;
        }
        var room = node.health().state(now) == RateLimiterSnapshot.StoreState.RECOVERING
                ? Math.max(1, batch / 2)
                : 2 * batch;
        var want = Math.max(need, Math.min(room - inHand, demand - inHand));
        send(new LeaseRequest(view.scope, tariff, node.id(), need, want, aheadTicks(now)), now);
    }

    private void send(LeaseRequest request, long now) {
        asking = true;
        node.meters().asked();
        var generation = view.generation();
        node.store()
                .acquire(request)
                .whenComplete((reply, failure) -> lane.execute(() -> {
                    asking = false;
                    if (reply == null) {
                        retryNanos = lane.nanos() + backoffNanos;
                        backoffNanos = Math.min(2 * backoffNanos, BACKOFF_NANOS_MAX);
                        node.meters().askFailed();
                    } else {
                        backoffNanos = BACKOFF_NANOS;
                        take(reply, generation, now, lane.nanos());
                    }
                    pump();
                }));
    }

    private void take(LeaseReply reply, long generationAsked, long sent, long arrival) {
        var untouched = view.generation() == generationAsked;
        view.heard(reply.standing(), sent, arrival);
        view.fallback.clear();
        switch (reply) {
            case Granted grant -> {
                view.resume();
                grant.timelines().stream()
                        .mapToLong(LeaseReply.Timeline::interval)
                        .max()
                        .ifPresent(slowest -> interval = slowest);
                retryNanos = arrival;
                shutUntilNanos = arrival;
                var batch = new Batch(grant, false, view.generation(), sent, arrival, holdNanos);
                if (untouched) {
                    hand.add(batch);
                } else {
                    settlement.probeEnded(batch, Report.Kind.PROBE_FAILED); // a signal overtook it: void before it came
                }
            }
            case Refused refusal -> refused(refusal, arrival);
        }
    }

    private void refused(Refused refusal, long now) {
        var wait = Ticks.toNanos(refusal.waitTicks());
        retryNanos = now + wait;
        boundBy = refusal.limitId();
        var reason =
                switch (refusal.cause()) {
                    case PAUSED -> {
                        view.pause(retryNanos);
                        yield Reason.PAUSED;
                    }
                    case PROBING -> null; // the probe may end the pause at any moment
                    case LIMIT -> {
                        shutUntilNanos = retryNanos;
                        yield Reason.LIMIT;
                    }
                };
        if (reason == null) {
            return;
        }
        for (var late = line.overdue(retryNanos); late != null; late = line.overdue(retryNanos)) {
            leave(late);
            refuse(late, new RateLimitExceededException(reason, boundBy, Duration.ofNanos(wait)));
        }
    }

    /** Without the store: the safe share, one piece of work at a time. */
    private void askSelf(long now) {
        for (var head = line.head(now); head != null && !closed; head = line.head(now)) {
            var reply = share.ask(head.weight(), now).orElse(null);
            if (reply == null) {
                return;
            }
            switch (reply) {
                case Granted grant -> hand.add(new Batch(grant, true, view.generation(), now, now, holdNanos));
                case Refused refusal -> {
                    retryNanos = now + Ticks.toNanos(refusal.waitTicks());
                    boundBy = refusal.limitId();
                    return;
                }
            }
            serve(now);
            if (hand.units() > 0) {
                return;
            }
        }
    }

    private long batchSize() {
        return Math.clamp(
                Ticks.of(node.settings().batch()) / interval, 1, node.settings().batchMax());
    }

    private long aheadTicks(long now) {
        var most = node.settings().ahead().toNanos();
        return Ticks.ofNanos(
                line.size() > 0
                        ? Math.max(0, line.latestNanos(now, most))
                        : node.settings().batch().toNanos());
    }

    private void sleep(long now) {
        var next = Alarm.NEVER;
        var earliest = line.earliest();
        var head = line.head(now);
        if (earliest != null) {
            next = Math.min(earliest.deadlineNanos, line.nextReadyNanos(now));
        }
        if (head != null) {
            var batch = hand.inUse();
            if (batch != null && usable(batch, now)) {
                next = Math.min(next, batch.readyNanos(head.weight()));
            }
            if (!asking) {
                // What could be asked for has been: the rest waits for the store to be heard of again.
                next = Math.min(next, Math.max(retryNanos, now + RECHECK_NANOS));
            }
        }
        alarm.set(next, now);
    }

    private void leave(Waiter waiter) {
        line.remove(waiter);
        node.waiting().decrementAndGet();
    }

    private void refuse(Waiter waiter, RateLimitExceededException refusal) {
        if (waiter.completeExceptionally(refusal)) {
            node.meters().refused(refusal.reason());
        }
    }

    // What becomes of a permit.

    void completed(LeasedPermit permit, SendOutcome outcome) {
        settlement.completed(permit, outcome);
    }

    void released(LeasedPermit permit) {
        lane.execute(() -> takeBack(permit));
    }

    /** To the next in line while it is good, else back to the store as far as that is safe. */
    private void takeBack(LeasedPermit permit) {
        var now = lane.nanos();
        var head = line.head(now);
        if (head != null && head.weight() == permit.weight && stillValid(permit.batch, permit.unit)) {
            handOver(head, new LeasedPermit(this, permit.batch, permit.unit, permit.weight), now);
            pump();
        } else if (permit.batch.local || permit.batch.putBack(permit.unit, permit.weight)) {
            pump();
        } else {
            settlement.probeEnded(permit.batch, Report.Kind.PROBE_FAILED);
            settlement.giveBack(permit.batch, permit.weight, permit.batch.isLast(permit.unit + permit.weight - 1));
        }
    }

    // For the scope's other desks and the node.

    void report(Report report) {
        settlement.report(report);
    }

    /** The scope may stand better or worse than known: ask again now. */
    void refresh() {
        retryNanos = lane.nanos();
        pump();
    }

    /** Refuses everyone. */
    void close() {
        closed = true;
        for (var waiter = line.earliest(); waiter != null; waiter = line.earliest()) {
            leave(waiter);
            refuse(waiter, new RateLimitExceededException(Reason.CLOSED, "", Duration.ZERO));
        }
        pump();
    }

    boolean idle(long now) {
        return line.size() == 0
                && !asking
                && now - foresight.busyNanos() > node.settings().idle().toNanos();
    }

    int waiting() {
        return line.size();
    }

    long unitsInHand() {
        return hand.units();
    }
}
