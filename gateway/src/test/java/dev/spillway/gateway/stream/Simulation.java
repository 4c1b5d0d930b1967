// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One run of the protocol on the model: the platform, workers of two bots and dispatchers take steps in an order drawn
 * from the seed, under crashes, sleeps, lost answers and clock steps; then everything heals, and the checks are made.
 */
final class Simulation {
    private static final int EVENTS = 30;
    private static final int STEPS_FAULTY = 1500;
    private static final int STEPS_HEALED_MAX = 40_000;
    private static final List<Subscription> BOTS = List.of(new Subscription("peter", 1), new Subscription("shop", 1));

    private final SimWorld world;
    private final List<SimActor<?>> actors = new ArrayList<>();

    private Simulation(long seed, Set<ModelPartition.Flaw> flaws) {
        world = new SimWorld(new Random(seed), flaws);
        var names = BOTS.stream().map(Subscription::id).toList();
        for (var partition = 0; partition < SimWorld.PARTITIONS; partition++) {
            for (var bot : BOTS) {
                world.store.partition(partition).subscribe(StreamGroup.of(bot));
            }
            world.store.partition(partition).subscribe(StreamGroup.DISPATCH);
        }
        for (var bot : BOTS) {
            actors.add(new SimWorker(world, bot, bot.name() + "-a", names));
            actors.add(new SimWorker(world, bot, bot.name() + "-b", names));
        }
        actors.add(new SimDispatcher(world, "d-a"));
        actors.add(new SimDispatcher(world, "d-b"));
    }

    /** What went wrong with this seed; empty if nothing did. */
    static List<String> run(long seed, Set<ModelPartition.Flaw> flaws) {
        var simulation = new Simulation(seed, flaws);
        simulation.run();
        return simulation.world.wrong;
    }

    private void run() {
        for (var step = 0; step < STEPS_FAULTY && world.wrong.isEmpty(); step++) {
            step();
        }
        world.faults = false;
        var steps = 0;
        while (world.wrong.isEmpty() && !rests()) {
            for (var i = 0; i < 50 && world.wrong.isEmpty(); i++) {
                step();
            }
            steps += 50;
            if (steps > STEPS_HEALED_MAX) {
                world.wrong.add("work is left and nothing happens");
            }
        }
        if (world.wrong.isEmpty()) {
            for (var partition = 0; partition < SimWorld.PARTITIONS; partition++) {
                counters(partition, world.store.partition(partition));
            }
            BOTS.forEach(this::replies);
            sends();
        }
    }

    private void step() {
        world.time();
        switch (world.random.nextInt(10)) {
            case 0 -> {
                if (world.faults || world.appended.size() < EVENTS) {
                    world.ingest(EVENTS);
                }
            }
            case 1 -> world.echo();
            default -> actors.get(world.random.nextInt(actors.size())).step();
        }
    }

    private boolean rests() {
        if (world.appended.size() < EVENTS) {
            return false;
        }
        for (var partition = 0; partition < SimWorld.PARTITIONS; partition++) {
            var state = world.store.partition(partition);
            var waiting = BOTS.stream().anyMatch(bot -> count(state, "added") != count(state, bot.id() + ":fin"));
            var pending = state.out.pending("d").size()
                    + BOTS.stream()
                            .mapToInt(bot -> state.in.pending(bot.id()).size())
                            .sum();
            if (waiting || pending > 0 || count(state, "out") != count(state, "out-fin")) {
                return false;
            }
        }
        return true;
    }

    private void counters(int partition, ModelPartition state) {
        var distinct = world.appended.values().stream()
                .filter(event -> event.partition() == partition)
                .count();
        for (var bot : BOTS) {
            var finished = count(state, bot.id() + ":done") + count(state, bot.id() + ":dead");
            check(finished == distinct, "done and dead of " + bot.id() + ": " + finished + ", events: " + distinct);
        }
        var ended = count(state, "sent") + count(state, "refused");
        check(ended == count(state, "out"), "sent and refused: " + ended + ", replies: " + count(state, "out"));
        check(state.journal.isEmpty(), "rows are left in the journal");
    }

    // Each event's replies stand in `out` once, and per conversation in the order in which events were first appended.
    private void replies(Subscription bot) {
        var expected = new HashMap<Integer, List<String>>();
        var found = new HashMap<Integer, List<String>>();
        for (var event : world.appended.values()) {
            if (event.number() % 7 != 6) {
                SimWorker.replies(bot, event)
                        .forEach(line -> expected.computeIfAbsent(event.conversation(), ignored -> new ArrayList<>())
                                .add(new String(line, java.nio.charset.StandardCharsets.UTF_8)));
            }
        }
        for (var partition = 0; partition < SimWorld.PARTITIONS; partition++) {
            for (var line : world.store.partition(partition).replied) {
                if (line.contains("/" + bot.id() + "/")) {
                    var conversation = Integer.valueOf(line.substring(line.indexOf(' ') + 1));
                    found.computeIfAbsent(conversation, ignored -> new ArrayList<>())
                            .add(line);
                }
            }
        }
        check(found.equals(expected), "replies of " + bot.id() + ": " + found + ", expected: " + expected);
    }

    private void sends() {
        var counts = world.sends.stream().collect(Collectors.groupingBy(rid -> rid, Collectors.counting()));
        counts.forEach((rid, count) -> {
            var mayRepeat = world.doubts.contains(rid)
                    && SimDispatcher.resent(java.util.Objects.requireNonNull(ReplyId.parse(rid)));
            check(count == 1 || mayRepeat, rid + " was sent " + count + " times");
        });
        for (var partition = 0; partition < SimWorld.PARTITIONS; partition++) {
            var first = new HashSet<String>();
            var sent = world.sends.stream().filter(first::add).toList();
            world.store.partition(partition).replied.stream()
                    .collect(Collectors.groupingBy(line -> line.substring(line.indexOf(' ') + 1)))
                    .forEach((conversation, lines) -> {
                        var rids = lines.stream()
                                .map(line -> line.substring(0, line.indexOf(' ')))
                                .filter(rid -> first.contains(rid) && !world.refusalsForgotten.contains(rid))
                                .toList();
                        var order = sent.stream().filter(rids::contains).toList();
                        check(order.equals(rids), "conversation " + conversation + " was sent as " + order);
                    });
        }
    }

    private static long count(ModelPartition state, String counter) {
        return state.counters.getOrDefault(counter, 0L);
    }

    private void check(boolean holds, String otherwise) {
        if (!holds) {
            world.wrong.add(otherwise);
        }
    }
}
