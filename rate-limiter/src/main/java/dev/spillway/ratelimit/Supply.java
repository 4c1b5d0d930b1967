// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import dev.spillway.ratelimit.LeaseReply.Granted;
import dev.spillway.ratelimit.LeaseReply.Refused;
import dev.spillway.ratelimit.RateLimitExceededException.Reason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Where a desk's units come from: the store, in batches, or the safe share while it is away.
 *
 * <p>At most one request is under way, so that waiters share it and nodes take turns, and at most 2q units are in hand, q
 * being the batch. The store says when a limit opens, and is not asked before.
 *
 * <p>Threads: {@link #inHand}, {@link #usable} and {@link #runsShort}: any. Everything else: the lane's.
 */
final class Supply {
    private static final long BACKOFF_NANOS = 5_000_000;
    private static final long BACKOFF_NANOS_MAX = 250_000_000;
    private static final long RECHECK_NANOS = 5_000_000;

    private final Node node;
    private final Lane lane;
    private final ScopeView view;
    private final Tariff tariff;
    private final WaitingLine line;
    private final boolean paced;
    private final Customer customer;
    private final Settlement settlement;
    private final Foresight foresight;
    private final SafeShare share;
    private final Hand hand = new Hand();
    private final long holdNanos;

    private boolean asking;
    private long retryNanos;
    private long shutUntilNanos;
    private long backoffNanos = BACKOFF_NANOS;
    private String boundBy = "";
    private long interval;
    private long takenBefore;
    /** Of the work that asked last: what comes next is likely to need the same. */
    private long leadNanos;

    /** The desk, for which units are got. */
    interface Customer {
        /** There may be something to hand over. */
        void pump();

        /** Hands over what may be. */
        void serve(long nowNanos);

        /** Nothing will come before the instant. */
        void refuseUntil(long instantNanos, Reason reason, Duration wait);
    }

    Supply(
            Node node,
            Lane lane,
            ScopeView view,
            Tariff tariff,
            WaitingLine line,
            boolean paced,
            Settlement settlement,
            Customer customer) {
        this.node = node;
        this.lane = lane;
        this.view = view;
        this.tariff = tariff;
        this.line = line;
        this.paced = paced;
        this.settlement = settlement;
        this.customer = customer;
        this.holdNanos = Ticks.toNanos(tariff.holdTicks());
        this.interval = tariff.slowestInterval();
        this.retryNanos = lane.nanos();
        this.shutUntilNanos = retryNanos;
        this.foresight = new Foresight(holdNanos, retryNanos);
        this.share = new SafeShare(node, view, tariff);
    }

    /** The batch in use, if it may be taken from. */
    @Nullable
    Batch inHand(long now) {
        var batch = hand.inUse();
        return batch != null && usable(batch, now) ? batch : null;
    }

    boolean usable(Batch batch, long now) {
        return batch.generation == view.generation()
                && (batch.local ? node.health().degraded(now) : node.health().fresh(now));
    }

    /** Whether more should be asked for before anyone has to wait. */
    boolean runsShort(Batch batch) {
        var early = foresight.units();
        return early > 0 && 2 * batch.left() <= early;
    }

    /** The batch in use; void ones are put away on the way. */
    @Nullable
    Batch inUse(long now) {
        for (var batch = hand.inUse(); batch != null; batch = hand.inUse()) {
            var ours = batch.local == node.health().degraded(now);
            if (ours && batch.generation == view.generation() && batch.left() > 0) {
                return usable(batch, now) ? batch : null;
            }
            putAway(batch);
        }
        return null;
    }

    void putAway(Batch batch) {
        var taken = batch.taken();
        var unused = batch.abandon() + batch.expired();
        takenBefore += taken;
        node.meters().units(taken, unused);
        hand.next();
        settlement.giveBack(batch, unused, false);
    }

    /** Asks for units, if they are wanted, few are in hand, and it makes sense now. */
    void replenish(long now) {
        if (node.health().degraded(now)) {
            askSelf(now);
        } else if (!asking && retryNanos - now <= 0) {
            ask(now);
        }
    }

    private void ask(long now) {
        inUse(now);
        var inUse = hand.inUse();
        foresight.measure(takenBefore + (inUse == null ? 0 : inUse.taken()), now, paced ? 0 : batchSize());
        var head = line.head(now);
        // Those who all stand aside need nothing yet.
        var demand = foresight.units() + (head == null ? 0 : line.weight());
        var inHand = hand.units();
        var batch = batchSize();
        var need = head == null ? 1 : head.weight();
        if (demand <= inHand || (2 * inHand > Math.min(batch, demand) && inHand >= need)) {
            return;
        }
        leadNanos = head == null ? leadNanos : head.leadNanos();
        var room = node.health().state(now) == RateLimiterSnapshot.StoreState.RECOVERING
                ? Math.max(1, batch / 2)
                : 2 * batch;
        var want = Math.max(need, Math.min(room - inHand, demand - inHand));
        var lead = Ticks.ofNanos(leadNanos);
        send(new LeaseRequest(view.scope, tariff, node.id(), need, want, aheadTicks(now, lead), lead), now);
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
                        take(reply, request.leadTicks(), generation, now, lane.nanos());
                    }
                    customer.pump();
                }));
    }

    private void take(LeaseReply reply, long leadTicks, long generationAsked, long sent, long arrival) {
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
                var batch = new Batch(grant, false, view.generation(), sent, arrival, holdNanos, leadTicks);
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
        switch (refusal.cause()) {
            case PAUSED -> {
                view.pause(retryNanos);
                customer.refuseUntil(retryNanos, Reason.PAUSED, Duration.ofNanos(wait));
            }
            case PROBING -> {} // the probe may end the pause at any moment
            case LIMIT -> {
                shutUntilNanos = retryNanos;
                customer.refuseUntil(retryNanos, Reason.LIMIT, Duration.ofNanos(wait));
            }
        }
    }

    /** Without the store: the safe share, one piece of work at a time. */
    private void askSelf(long now) {
        for (var head = line.head(now); head != null; head = line.head(now)) {
            var lead = Ticks.ofNanos(head.leadNanos());
            var reply = share.ask(head.weight(), lead, now).orElse(null);
            if (reply == null) {
                return;
            }
            switch (reply) {
                case Granted grant -> hand.add(new Batch(grant, true, view.generation(), now, now, holdNanos, lead));
                case Refused refusal -> {
                    retryNanos = now + Ticks.toNanos(refusal.waitTicks());
                    boundBy = refusal.limitId();
                    return;
                }
            }
            customer.serve(now);
            if (hand.units() > 0) {
                return;
            }
        }
    }

    private long batchSize() {
        return Math.clamp(
                Ticks.of(node.settings().batch()) / interval, 1, node.settings().batchMax());
    }

    private long aheadTicks(long now, long leadTicks) {
        var most = Ticks.toNanos(node.settings().aheadTicks(leadTicks));
        return Ticks.ofNanos(
                line.size() > 0
                        ? Math.max(0, line.latestNanos(now, most))
                        : Math.min(most, node.settings().batch().toNanos()));
    }

    /** When to look again for this head, as far as units are concerned. */
    long nextNanos(Waiter head, long now) {
        var next = Alarm.NEVER;
        var batch = inHand(now);
        if (batch != null) {
            next = batch.readyNanos(head.weight()) - head.leadNanos();
        }
        if (!asking) {
            // What could be asked for has been: the rest waits for the store to be heard of again.
            next = Math.min(next, Math.max(retryNanos, now + RECHECK_NANOS));
        }
        return next;
    }

    /** How the units of one request would come, if it were alone. */
    CompletionStage<LeaseReply> look(int weight, long now) {
        if (node.health().degraded(now)) {
            return share.look(weight, now)
                    .<CompletionStage<LeaseReply>>map(CompletableFuture::completedStage)
                    .orElseGet(() -> CompletableFuture.failedStage(
                            new RateLimitExceededException(Reason.PAUSED, "", Duration.ZERO)));
        }
        return node.store().acquire(new LeaseRequest(view.scope, tariff, LeaseRequest.NOBODY, weight, weight, 0));
    }

    /** The scope may stand better or worse than known: ask again now. */
    void openAgain(long now) {
        retryNanos = now;
    }

    /** How long the limits are known to grant nothing. */
    long shutNanos(long now) {
        return hand.units() == 0 ? Math.max(0, shutUntilNanos - now) : 0;
    }

    /** How long it makes no sense to ask. */
    long retryInNanos(long now) {
        return Math.max(0, retryNanos - now);
    }

    /** The limit that said no last; empty if none has. */
    String boundBy() {
        return boundBy;
    }

    /** Of the slowest limit, as granted last, in ticks. */
    long interval() {
        return interval;
    }

    long units() {
        return hand.units();
    }

    boolean idle(long now) {
        return !asking && now - foresight.busyNanos() > node.settings().idle().toNanos();
    }
}
