// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A process of the simulation that holds partitions of one group. Between what it decides and what it does it may crash
 * or sleep; what it has decided and not done is done when it wakes. Once all faults are over it does at once what it
 * decides, for nothing is found by waiting then.
 *
 * @param <M> what it has in memory of a partition
 */
abstract class SimActor<M> {
    static final long TTL_MS = 6000;
    private static final long VALID_MS = 4000;
    private static final long RENEW_MS = 2000;

    /** A partition held. */
    static final class Holding<M> {
        final int partition;
        final Fence fence;
        final M memory;
        private long renewedMs;

        Holding(int partition, Fence fence, M memory, long renewedMs) {
            this.partition = partition;
            this.fence = fence;
            this.memory = memory;
            this.renewedMs = renewedMs;
        }
    }

    final SimWorld world;
    final StreamGroup group;
    private final String name;
    private final Map<Integer, Holding<M>> held = new HashMap<>();
    private long holdings;
    private long asleepUntilMs;
    private int generation;
    private @Nullable Runnable decided;

    SimActor(SimWorld world, StreamGroup group, String name) {
        this.world = world;
        this.group = group;
        this.name = name;
    }

    /** Nothing in memory. */
    abstract M fresh();

    /** What to do next with a partition that may be worked on. */
    abstract Runnable decide(Holding<M> holding);

    /** The memory is about to be forgotten. */
    abstract void forgetting(Holding<M> holding);

    /** All that was held is forgotten, for another server took over. */
    void anotherServer() {}

    final void step() {
        if (world.fault(0.005)) {
            List.copyOf(held.values()).forEach(this::drop);
            decided = null;
            return;
        }
        if (world.fault(0.01)) {
            asleepUntilMs = world.monoMs + world.random.nextInt(9_000);
        }
        if (world.faults && world.monoMs < asleepUntilMs) {
            return;
        }
        if (generation != world.generation) {
            generation = world.generation;
            if (!world.has(Flaw.OLD_GENERATION)) {
                List.copyOf(held.values()).forEach(this::drop);
                decided = null;
            }
            anotherServer();
            return;
        }
        if (decided == null) {
            choose();
            if (world.faults) {
                return;
            }
        }
        if (decided != null) {
            var now = decided;
            decided = null;
            now.run();
        }
    }

    // Mostly about what is held: another's partition is refused.
    private void choose() {
        var any = world.random.nextInt(SimWorld.PARTITIONS);
        var elsewhere = !held.isEmpty() && !held.containsKey(any) && world.chance(0.7);
        var partition = elsewhere ? held.keySet().iterator().next() : any;
        var holding = held.get(partition);
        if (holding == null) {
            acquire(partition);
        } else if (!isValid(holding)) {
            drop(holding);
        } else if (world.monoMs - holding.renewedMs > RENEW_MS) {
            renew(holding);
        } else if (world.fault(0.01)) {
            drop(holding);
            world.call(() -> world.store.release(partition, group, holding.fence));
        } else {
            then(holding, decide(holding));
        }
    }

    /** Does it at the next step, unless the partition is gone from memory by then. */
    final void then(Holding<M> holding, Runnable move) {
        decided = () -> {
            if (held.get(holding.partition) != holding) {
                return;
            }
            try {
                move.run();
            } catch (LeaseLost lost) {
                drop(holding);
            }
        };
    }

    final boolean isValid(Holding<M> holding) {
        return world.monoMs - holding.renewedMs < VALID_MS;
    }

    private void acquire(int partition) {
        var asked = world.monoMs;
        var said = world.lease(partition, group, name + ":" + ++holdings);
        if (!said.lost() && said.value() instanceof LeaseAnswer.Held mine) {
            held.put(partition, new Holding<>(partition, mine.fence(), fresh(), asked));
        }
    }

    private void renew(Holding<M> holding) {
        var asked = world.monoMs;
        var said = world.lease(holding.partition, group, holding.fence.owner());
        if (said.lost()) {
            return;
        }
        if (said.value() instanceof LeaseAnswer.Held mine && mine.fence().equals(holding.fence)) {
            holding.renewedMs = asked;
        } else {
            drop(holding);
        }
    }

    private void drop(Holding<M> holding) {
        if (held.remove(holding.partition, holding)) {
            forgetting(holding);
        }
    }

    final void trim(int partition, List<String> groups) {
        var unused = world.call(() -> world.store.trim(partition, group.stream(), groups));
    }
}
