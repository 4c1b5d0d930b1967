// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares what the platform and the bots were promised with what became of it, when all is at rest. */
final class SimCheck {
    private final SimWorld world;
    private final SimPlatform platform;
    private final List<Subscription> bots;

    SimCheck(SimWorld world, SimPlatform platform, List<Subscription> bots) {
        this.world = world;
        this.platform = platform;
        this.bots = bots;
    }

    void run() {
        for (var partition = 0; partition < SimWorld.PARTITIONS; partition++) {
            var state = world.store.partition(partition);
            for (var bot : bots) {
                counters(partition, state, bot);
                replies(partition, state, bot);
            }
            dispatched(state);
            stored(platform.order(partition), partition);
        }
        sends();
    }

    private void stored(List<SimEvent> order, int partition) {
        var numbers = new HashSet<Integer>();
        order.forEach(event -> numbers.add(event.number()));
        for (var event : platform.acknowledged) {
            if (event.partition() == partition && !numbers.contains(event.number())) {
                world.wrong(Invariant.NOTHING_LOST, "event " + event.number() + " was acknowledged and is gone");
            }
        }
    }

    private void counters(int partition, ModelPartition state, Subscription bot) {
        var order = platform.order(partition);
        var events = order.stream().filter(event -> event.isFor(bot)).toList();
        var dead = events.stream().filter(SimEvent::isRejected).count();
        var of = " of " + bot.id();
        conserved("done" + of, state.count(bot.id() + ":done"), events.size() - dead);
        conserved("dead" + of, state.count(bot.id() + ":dead"), dead);
        conserved("finished" + of, state.count(bot.id() + ":fin"), state.appended.size());
        conserved("added", state.count("added"), state.appended.size());
        conserved("filtered" + of, state.count(bot.id() + ":filtered"), order.size() - events.size());
    }

    private void conserved(String counter, long found, long expected) {
        if (found != expected) {
            world.wrong(Invariant.CONSERVED, counter + ": " + found + " (expected: " + expected + ")");
        }
    }

    // The replies to each event stand in `out` once, and per conversation in the order of the events.
    private void replies(int partition, ModelPartition state, Subscription bot) {
        var found = byConversation(state.replied.stream()
                .filter(line -> line.contains("/" + bot.id() + "/"))
                .toList());
        var expected = byConversation(platform.order(partition).stream()
                .filter(event -> event.isFor(bot) && !event.isRejected())
                .flatMap(event -> event.replies(bot).stream())
                .toList());
        if (!found.equals(expected)) {
            var conversations = new HashSet<>(found.keySet());
            conversations.addAll(expected.keySet());
            for (var conversation : conversations) {
                compare(
                        bot.id() + " in conversation " + conversation,
                        found.getOrDefault(conversation, List.of()),
                        expected.getOrDefault(conversation, List.of()));
            }
        }
    }

    private void compare(String where, List<String> found, List<String> expected) {
        var once = new LinkedHashSet<>(found);
        var what = "replies of " + where + ": " + found + " (expected: " + expected + ")";
        if (!once.containsAll(expected)) {
            world.wrong(Invariant.NOTHING_LOST, what);
        }
        if (once.size() < found.size()) {
            world.wrong(Invariant.FINISHED_ONCE, what);
        }
        if (!Set.copyOf(expected).containsAll(once)) {
            world.wrong(Invariant.NO_GHOST, what);
        }
        once.retainAll(expected);
        var inOrder = new ArrayList<>(expected);
        inOrder.retainAll(once);
        if (!inOrder.equals(List.copyOf(once))) {
            world.wrong(Invariant.IN_ORDER, what);
        }
    }

    private static Map<String, List<String>> byConversation(List<String> lines) {
        var all = new HashMap<String, List<String>>();
        for (var line : lines) {
            all.computeIfAbsent(line.substring(line.indexOf(' ') + 1), ignored -> new ArrayList<>())
                    .add(line.substring(0, line.indexOf(' ')));
        }
        return all;
    }

    private void dispatched(ModelPartition state) {
        var ended = state.count("sent") + state.count("refused");
        conserved("sent and refused", ended, state.count("out"));
        conserved("rows left in the journal", state.journal.size(), 0);
    }

    private void sends() {
        var counts = new HashMap<String, Integer>();
        var firsts = new HashMap<String, Integer>();
        for (var rid : platform.sends) {
            firsts.putIfAbsent(rid, firsts.size());
            counts.merge(rid, 1, Integer::sum);
        }
        counts.forEach((rid, count) -> {
            if (count > 1 && !(platform.doubts.contains(rid) && SimDispatcher.isResent(rid))) {
                world.wrong(Invariant.SENT_ONCE, rid + " was sent " + count + " times");
            }
        });
        for (var partition = 0; partition < SimWorld.PARTITIONS; partition++) {
            var state = world.store.partition(partition);
            var refused = new HashSet<String>();
            state.letters.forEach(letter -> refused.add(letter.record()));
            byConversation(state.replied).forEach((conversation, rids) -> {
                var last = -1;
                for (var rid : rids) {
                    var first = firsts.get(rid);
                    if (first == null && !refused.contains(rid)) {
                        world.wrong(Invariant.NOTHING_LOST, rid + " was neither sent nor refused");
                    } else if (first != null && !platform.refusalsForgotten.contains(rid)) {
                        if (first < last) {
                            world.wrong(Invariant.IN_ORDER, rid + " was sent late in conversation " + conversation);
                        }
                        last = first;
                    }
                    counts.remove(rid);
                }
            });
        }
        if (!counts.isEmpty()) {
            world.wrong(Invariant.NO_GHOST, "sent, and no bot said so: " + counts.keySet());
        }
    }
}
