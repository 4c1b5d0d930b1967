// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.util.HashMap;
import java.util.Map;

/**
 * All of one scope on this node: what is known of it and a desk for each class.
 *
 * <p>Threads: the map is fixed; everything else is the desks' and the lane's.
 */
final class ScopeDesks {
    final Scope scope;
    final ScopeView view;
    final Lane lane;
    private final Map<String, Desk> desks;

    ScopeDesks(Node node, Lane lane, Scope scope, Policy policy, Map<String, Tariff> tariffs) {
        this.scope = scope;
        this.lane = lane;
        var pace = policy.perConversation()
                .map(limit -> ConversationPace.of(limit, node.settings().conversationsMax()))
                .orElse(ConversationPace.NONE);
        this.view = new ScopeView(scope, pace, node.meters()::paused);
        var paced = policy.perConversation().isPresent();
        var byClass = new HashMap<String, Desk>();
        tariffs.forEach((name, tariff) -> byClass.put(name, new Desk(node, lane, view, tariff, paced)));
        this.desks = Map.copyOf(byClass);
    }

    Desk desk(String contentClass) {
        var desk = desks.get(contentClass);
        if (desk == null) {
            throw new IllegalArgumentException(
                    "contentClass: '" + contentClass + "' (expected: one of " + desks.keySet() + ")");
        }
        return desk;
    }

    /** Another node changed the scope. */
    void signalled(long epoch) {
        view.enter(epoch);
        refresh();
    }

    /** Nothing in hand can be trusted any more. */
    void distrust() {
        view.voidLeases();
        refresh();
    }

    void refresh() {
        desks.values().forEach(Desk::refresh);
    }

    void close() {
        desks.values().forEach(Desk::close);
    }

    void report(Report report) {
        desks.values().stream().findFirst().ifPresent(desk -> desk.report(report));
    }

    boolean idle(long now) {
        return desks.values().stream().allMatch(desk -> desk.idle(now)) && view.pauseNanos(now) == 0;
    }

    int waiting() {
        return desks.values().stream().mapToInt(Desk::waiting).sum();
    }

    long unitsInHand() {
        return desks.values().stream().mapToLong(Desk::unitsInHand).sum();
    }
}
