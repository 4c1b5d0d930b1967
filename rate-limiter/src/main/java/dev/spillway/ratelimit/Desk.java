// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import dev.spillway.ratelimit.RateLimitExceededException.Reason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Gives out the units of one class of a scope on this node.
 *
 * <p><b>Idea.</b> A unit is bound to a waiter only when it is handed over, so a wait that was cancelled cannot lose one.
 * {@code pump} is the whole life: refuse who is late, serve who may, ask the {@link Supply} for more, wake up in time.
 *
 * <p><b>Invariants.</b> Every waiter is completed exactly once; nothing here waits.
 *
 * <p>Threads: {@code acquire}, {@code tryAcquire} and the permits' methods: any. Everything else: the lane's.
 */
final class Desk implements Supply.Customer {
    private final Node node;
    private final Lane lane;
    private final ScopeView view;
    private final long weightMax;
    private final boolean paced;
    private final Settlement settlement;
    private final Supply supply;
    private final Alarm alarm;
    private final AtomicBoolean nudged = new AtomicBoolean();
    /** Whether anyone waits: then nobody may take past the line. Written by the lane. */
    private volatile boolean queueing;

    // The lane's own.
    private final WaitingLine line;
    private boolean closed;

    Desk(Node node, Lane lane, ScopeView view, Tariff tariff, boolean paced) {
        this.node = node;
        this.lane = lane;
        this.view = view;
        this.paced = paced;
        this.line = new WaitingLine(view.pace);
        this.weightMax = tariff.weightMax(Ticks.of(node.settings().ahead()));
        this.alarm = new Alarm(lane, this::pump);
        this.settlement = new Settlement(node, lane, view, tariff);
        this.supply = new Supply(node, lane, view, tariff, line, paced, settlement, this);
    }

    CompletionStage<Permit> acquire(AcquireRequest request) {
        if (request.weight() > weightMax) {
            return CompletableFuture.failedStage(tooHeavy(request));
        }
        var now = lane.nanos();
        var inHand = takeInHand(now, request);
        if (inHand != null) {
            node.meters().granted();
            return CompletableFuture.completedFuture(inHand);
        }
        var waiter = new Waiter(request, now, this::cancelled);
        lane.execute(() -> enter(waiter));
        return waiter;
    }

    private IllegalArgumentException tooHeavy(AcquireRequest request) {
        return new IllegalArgumentException("weight: " + request.weight() + " (expected: 1.." + weightMax
                + ", what the limits can ever grant at one instant)");
    }

    @Nullable
    Permit tryAcquire(AcquireRequest request) {
        var permit = takeInHand(lane.nanos(), request);
        if (permit != null) {
            node.meters().granted();
        }
        return permit;
    }

    /** Past the line, if nobody stands in it: a conversation's own pace is known to the lane only. */
    private @Nullable Permit takeInHand(long now, AcquireRequest request) {
        if (queueing || paced) {
            return null;
        }
        var batch = supply.inHand(now);
        if (batch == null) {
            return null;
        }
        var weight = request.weight();
        var unit = batch.take(now, weight, request.lead().toNanos());
        if (unit < 0) {
            return null;
        }
        if (supply.runsShort(batch) && nudged.compareAndSet(false, true)) {
            lane.execute(this::pump);
        }
        return new LeasedPermit(this, batch, unit, weight, batch.dueNanos(unit, weight));
    }

    CompletionStage<Estimate> estimate(AcquireRequest request) {
        if (request.weight() > weightMax) {
            return CompletableFuture.failedStage(tooHeavy(request));
        }
        var answer = new CompletableFuture<Estimate>();
        lane.execute(() -> estimate(request, lane.nanos(), answer));
        return answer;
    }

    private void estimate(AcquireRequest request, long now, CompletableFuture<Estimate> answer) {
        var pause = view.pauseNanos(now);
        var ahead = Ticks.toNanos(line.weight() * supply.interval());
        if (pause > 0 || supply.shutNanos(now) > 0) {
            var wait = Math.max(pause, supply.shutNanos(now)) + ahead;
            answer.complete(new Estimate(Duration.ofNanos(wait), pause > 0 ? "" : supply.boundBy()));
            return;
        }
        supply.look(request.weight(), now).whenComplete((reply, failure) -> {
            switch (reply) {
                case null -> answer.completeExceptionally(failure);
                case LeaseReply.Granted granted -> answer.complete(new Estimate(Duration.ofNanos(ahead), ""));
                case LeaseReply.Refused refused -> {
                    var wait = Duration.ofNanos(Ticks.toNanos(refused.waitTicks()) + ahead);
                    answer.complete(new Estimate(wait, refused.limitId()));
                }
            }
        });
    }

    // Of permits.

    long nanos() {
        return lane.nanos();
    }

    boolean stillValid(LeasedPermit permit) {
        var now = lane.nanos();
        return now - permit.dueNanos >= 0
                && supply.usable(permit.batch, now)
                && now - permit.batch.voidNanos(permit.unit) <= 0;
    }

    long voidInNanos(LeasedPermit permit) {
        var now = lane.nanos();
        return supply.usable(permit.batch, now) ? Math.max(0, permit.batch.voidNanos(permit.unit) - now) : 0;
    }

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
        if (head != null && suits(permit, head, now)) {
            handOver(head, permit.batch, permit.unit, now);
            pump();
        } else if (permit.batch.local || permit.batch.putBack(permit.unit, permit.weight)) {
            pump();
        } else {
            settlement.probeEnded(permit.batch, Report.Kind.PROBE_FAILED);
            settlement.giveBack(permit.batch, permit.weight, permit.batch.isLast(permit.unit + permit.weight - 1));
        }
    }

    private boolean suits(LeasedPermit permit, Waiter head, long now) {
        var lead = head.leadNanos();
        return head.weight() == permit.weight
                && supply.usable(permit.batch, now)
                && permit.batch.dueNanos(permit.unit, permit.weight) - now <= lead
                && permit.batch.voidNanos(permit.unit) - now >= lead;
    }

    // The line.

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
            var wait = Ticks.toDuration(supply.interval() * line.size());
            return new RateLimitExceededException(Reason.QUEUE_FULL, supply.boundBy(), wait);
        }
        var left = waiter.deadlineNanos - now;
        var pause = view.pauseNanos(now);
        if (pause > left) {
            return new RateLimitExceededException(Reason.PAUSED, "", Duration.ofNanos(pause));
        }
        // The store said when the limit opens: whoever cannot wait so long need not wait at all.
        var shut = supply.shutNanos(now);
        if (shut > left) {
            return new RateLimitExceededException(Reason.LIMIT, supply.boundBy(), Duration.ofNanos(shut));
        }
        var turns = line.turnsBefore(waiter.request) - supply.units() - weightMax;
        var wait = turns > 0 ? Ticks.toNanos(turns * supply.interval()) : 0;
        if (wait > left) {
            return new RateLimitExceededException(Reason.LIMIT, supply.boundBy(), Duration.ofNanos(wait));
        }
        return null;
    }

    @Override
    public void pump() {
        nudged.set(false);
        var now = lane.nanos();
        var retry = Math.max(supply.retryInNanos(now), Ticks.toNanos(supply.interval()));
        refuseUntil(now, Reason.DEADLINE, Duration.ofNanos(retry));
        serve(now);
        if (!closed) {
            supply.replenish(now);
        }
        queueing = line.size() > 0;
        sleep(now);
    }

    @Override
    public void refuseUntil(long instantNanos, Reason reason, Duration wait) {
        for (var late = line.overdue(instantNanos); late != null; late = line.overdue(instantNanos)) {
            leave(late);
            refuse(late, new RateLimitExceededException(reason, supply.boundBy(), wait));
        }
    }

    @Override
    public void serve(long now) {
        for (var head = line.head(now); head != null; head = line.head(now)) {
            var batch = supply.inUse(now);
            if (batch == null) {
                return;
            }
            var unit = batch.take(now, head.weight(), head.leadNanos());
            if (unit == Batch.NOT_YET) {
                return;
            }
            if (unit == Batch.GONE) {
                supply.putAway(batch);
            } else if (unit == Batch.TOO_OLD) {
                batch.passOver();
            } else {
                handOver(head, batch, unit, now);
            }
        }
    }

    private void handOver(Waiter head, Batch batch, long unit, long now) {
        var due = batch.dueNanos(unit, head.weight());
        var paceReady = line.readyNanos(head, now);
        var permit = new LeasedPermit(this, batch, unit, head.weight(), paceReady - due > 0 ? paceReady : due);
        line.served(head, now, permit.dueNanos);
        node.waiting().decrementAndGet();
        if (head.complete(permit)) {
            node.meters().granted(now - head.sinceNanos);
        } else {
            released(permit); // cancelled at this very moment
        }
    }

    private void sleep(long now) {
        var next = Alarm.NEVER;
        var earliest = line.earliest();
        if (earliest != null) {
            next = Math.min(earliest.deadlineNanos, line.nextReadyNanos(now));
        }
        var head = line.head(now);
        if (head != null) {
            next = Math.min(next, supply.nextNanos(head, now));
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

    // For the scope's other desks and the node.

    void report(Report report) {
        settlement.report(report);
    }

    /** The scope may stand better or worse than known: ask again now. */
    void refresh() {
        supply.openAgain(lane.nanos());
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
        return line.size() == 0 && supply.idle(now);
    }

    int waiting() {
        return line.size();
    }

    long unitsInHand() {
        return supply.units();
    }
}
