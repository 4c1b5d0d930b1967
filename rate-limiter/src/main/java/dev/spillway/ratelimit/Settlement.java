// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.time.Duration;

/**
 * Tells the store what became of units: how the work ended, and which units were not needed.
 *
 * <p>Threads: {@link #completed} any; the rest is the lane's.
 */
final class Settlement {
    private static final int REPEATS = 5;
    private static final long REPEAT_NANOS = 50_000_000;
    private static final Duration PAUSE_MAX = Ticks.toDuration(Report.PAUSE_MAX);

    private final Node node;
    private final Lane lane;
    private final ScopeView view;
    private final Tariff tariff;

    Settlement(Node node, Lane lane, ScopeView view, Tariff tariff) {
        this.node = node;
        this.lane = lane;
        this.view = view;
        this.tariff = tariff;
    }

    void completed(LeasedPermit permit, SendOutcome outcome) {
        switch (outcome) {
            case SendOutcome.Throttled throttled -> lane.execute(() -> throttled(permit, throttled.pause()));
            case SendOutcome.Delivered delivered -> probeEnded(permit.batch, Report.Kind.PROBE_SUCCEEDED);
            case SendOutcome.Rejected rejected -> probeEnded(permit.batch, Report.Kind.PROBE_SUCCEEDED);
            case SendOutcome.Failed failed -> probeEnded(permit.batch, Report.Kind.PROBE_FAILED);
        }
    }

    private void throttled(LeasedPermit permit, Duration pause) {
        if (!view.firstThrottle(permit.epoch())) {
            return; // one burst of errors is one report
        }
        view.voidLeases();
        var value = pause.compareTo(PAUSE_MAX) < 0 ? Ticks.of(pause) : Report.PAUSE_MAX;
        report(new Report(view.scope, node.id(), Report.Kind.THROTTLED, value, permit.epoch()));
    }

    void probeEnded(Batch batch, Report.Kind kind) {
        if (batch.grant.probe() && !batch.local) {
            report(new Report(view.scope, node.id(), kind, 0, 0));
        }
    }

    void report(Report report) {
        report(report, REPEATS);
    }

    /** Repeated if its outcome is unknown: no report does more when it is made twice. */
    private void report(Report report, int repeats) {
        node.store()
                .report(report)
                .whenComplete((status, failure) -> lane.execute(() -> {
                    if (status != null) {
                        view.heard(status, lane.nanos());
                    } else if (repeats > 0) {
                        lane.schedule(REPEAT_NANOS, () -> report(report, repeats - 1));
                    }
                }));
    }

    /** Quotas take units back at any time, a timeline only from its end. */
    void giveBack(Batch batch, long units, boolean tail) {
        if (batch.local || units == 0 || (!tail && tariff.quotas().isEmpty())) {
            return;
        }
        var timelines = tail
                ? batch.grant.timelines()
                : batch.grant.timelines().stream()
                        .map(line -> new LeaseReply.Timeline(line.offset(), line.interval(), -1))
                        .toList();
        var refund = new Refund(view.scope, tariff, units, timelines, batch.grant.buckets());
        node.store().release(refund).whenComplete((taken, failure) -> {
            // Units that could not be handed back are lost to everyone for a while, which is safe.
        });
    }
}
