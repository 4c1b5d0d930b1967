// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One run of the protocol on the model: the platform and its gateway, workers of two bots and dispatchers take steps in an
 * order drawn from the seed, under crashes, sleeps, lost answers, clock steps and failovers; then everything heals, and
 * the ledger is compared with what is there.
 */
final class Simulation {
    private static final int STEPS_FAULTY = 1500;
    private static final int STEPS_HEALED_MAX = 20_000;
    private static final List<Subscription> BOTS = List.of(new Subscription("peter", 1), new Subscription("shop", 1));

    private final SimWorld world;
    private final SimPlatform platform;
    private final List<SimActor<?>> actors = new ArrayList<>();

    private Simulation(long seed, Set<Flaw> flaws) {
        world = new SimWorld(seed, flaws);
        platform = new SimPlatform(world);
        var names = BOTS.stream().map(Subscription::id).toList();
        for (var partition = 0; partition < SimWorld.PARTITIONS; partition++) {
            for (var bot : BOTS) {
                world.store.partition(partition).subscribe(StreamGroup.of(bot));
            }
            world.store.partition(partition).subscribe(StreamGroup.DISPATCH);
            world.replicate(partition);
        }
        for (var bot : BOTS) {
            actors.add(new SimWorker(world, platform, bot, bot.name() + "-a", names));
            actors.add(new SimWorker(world, platform, bot, bot.name() + "-b", names));
        }
        for (var dispatcher : List.of("d-a", "d-b")) {
            // As much work as that of both bots, so each has twice the turns.
            var one = new SimDispatcher(world, platform, dispatcher);
            actors.addAll(List.of(one, one));
        }
    }

    /** What went wrong with this seed; empty if nothing did. */
    static List<SimWorld.Wrong> run(long seed, Set<Flaw> flaws) {
        var simulation = new Simulation(seed, flaws);
        simulation.run();
        return simulation.world.wrong;
    }

    private void run() {
        for (var step = 0; step < STEPS_FAULTY && world.wrong.isEmpty(); step++) {
            step();
        }
        world.faults = false;
        for (var step = 0; world.wrong.isEmpty() && (step % 20 > 0 || !rests()); step++) {
            step();
            if (step > STEPS_HEALED_MAX) {
                world.wrong(Invariant.ALIVE, "work is left and nothing happens");
            }
        }
        new SimCheck(world, platform, BOTS).run();
    }

    private void step() {
        world.time();
        platform.look();
        switch (world.random.nextInt(10)) {
            case 0 -> {
                if (world.chance(0.3)) {
                    platform.post();
                }
                platform.gateway();
            }
            case 1 -> {
                platform.echo();
                platform.redrive();
            }
            default -> actors.get(world.random.nextInt(actors.size())).step();
        }
    }

    private boolean rests() {
        if (!platform.isDone() || platform.hasLetters()) {
            return false;
        }
        for (var partition = 0; partition < SimWorld.PARTITIONS; partition++) {
            var state = world.store.partition(partition);
            if (!state.pending(StreamGroup.DISPATCH).isEmpty() || state.count("out") != state.count("out-fin")) {
                return false;
            }
            for (var bot : BOTS) {
                if (!state.pending(StreamGroup.of(bot)).isEmpty()
                        || state.count("added") != state.count(bot.id() + ":fin")
                        || state.count(bot.id() + ":aside") != 0) {
                    return false;
                }
            }
        }
        return true;
    }
}
