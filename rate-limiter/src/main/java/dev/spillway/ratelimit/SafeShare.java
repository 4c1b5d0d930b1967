// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.util.Optional;

/**
 * What a node may do without the store: its part of a safe share of every limit, without any burst, by the same law.
 *
 * <p>Threads: its lane's.
 */
final class SafeShare {
    private final Node node;
    private final ScopeView view;
    private final Tariff tariff;

    SafeShare(Node node, ScopeView view, Tariff tariff) {
        this.node = node;
        this.view = view;
        this.tariff = tariff;
    }

    /** Empty if nothing may be done at all: by configuration, or because the scope was paused before the store went away. */
    Optional<LeaseReply> ask(int weight, long leadTicks, long nowNanos) {
        return ask(node.id(), weight, leadTicks, nowNanos);
    }

    /** What {@link #ask} would answer. */
    Optional<LeaseReply> look(int weight, long nowNanos) {
        return ask(LeaseRequest.NOBODY, weight, 0, nowNanos);
    }

    private Optional<LeaseReply> ask(long asker, int weight, long leadTicks, long nowNanos) {
        var perMille = Math.round(node.settings().safeShare() * ScopeLaw.FACTOR_FULL);
        if (perMille == 0 || view.pauseNanos(nowNanos) > 0) {
            return Optional.empty();
        }
        var nodes = Math.max(view.activeNodes(), node.settings().replicas());
        var share = tariff.share(nodes, Math.max(1, perMille * view.factor() / ScopeLaw.FACTOR_FULL));
        var ticks = ScopeLaw.LOCAL_TIME + Ticks.ofNanos(nowNanos);
        for (var rate : share.rates()) {
            // Out of step with the other nodes, which lost the store at the same moment.
            view.fallback.computeIfAbsent(
                    "t:" + rate.id(), field -> ticks + (long) (node.random().getAsDouble() * rate.interval()));
        }
        var ahead = weight > 1 ? node.settings().aheadTicks(leadTicks) : 0;
        var request = new LeaseRequest(view.scope, share, asker, weight, weight, ahead, leadTicks);
        return Optional.of(ScopeLaw.acquire(view.fallback, ticks, request));
    }
}
