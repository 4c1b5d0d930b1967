// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the actors of a simulation share: clocks, the store and how it fails, and what went wrong. Some have a replica:
 * all that it has not heard of is gone when it takes over.
 */
final class SimWorld {
    static final int PARTITIONS = 2;
    /** Well within the time for which gateways keep what they acknowledged. */
    private static final long LAG_MS_MAX = 5_000;

    /** An answer, or that it was lost: then nobody knows whether the move was made. */
    record Said<T>(boolean lost, @Nullable T value) {}

    /** What went wrong. */
    record Wrong(Invariant broken, String what) {}

    /** What a failover may lose. */
    enum Durability {
        /** There is none. */
        ONE_SERVER,
        /** What was acknowledged, or is about to be sent, is on the replica. */
        REPLICATED,
        /** What was acknowledged is appended once more; replies of the lost tail may repeat, and it comes late. */
        REPAIRED;

        static Durability of(long seed) {
            return switch ((int) Math.floorMod(seed, 8L)) {
                case 0, 4 -> REPLICATED;
                case 2 -> REPAIRED;
                default -> ONE_SERVER;
            };
        }
    }

    final Durability durability;
    /** How often another server took over. */
    int generation;

    final SplittableRandom random;
    final InMemoryPartitionStore store;
    long wallMs = 1_000_000;
    long monoMs = 1_000_000;
    boolean faults = true;
    final List<Wrong> wrong = new ArrayList<>();

    private final Set<Flaw> flaws;
    private final Map<String, Fence> newest = new HashMap<>();
    private final Map<Integer, ModelPartition> replicas = new HashMap<>();
    private final long[] replicatedMs = new long[PARTITIONS];

    SimWorld(long seed, Set<Flaw> flaws) {
        this.durability = Durability.of(seed);
        this.random = new SplittableRandom(seed);
        this.flaws = flaws;
        this.store = new InMemoryPartitionStore(() -> wallMs, flaws);
    }

    boolean has(Flaw flaw) {
        return flaws.contains(flaw);
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    boolean fault(double probability) {
        return faults && chance(probability);
    }

    void wrong(Invariant broken, String what) {
        var promised =
                durability != Durability.REPAIRED || (broken != Invariant.IN_ORDER && broken != Invariant.SENT_ONCE);
        if (promised) {
            wrong.add(new Wrong(broken, what));
        }
    }

    /** Waits until the replica has all of a partition, where that is asked for; false if it cannot be told. */
    boolean isReplicated(int partition) {
        if (durability == Durability.REPLICATED) {
            if (fault(0.1)) {
                return false;
            }
            replicate(partition);
        }
        return true;
    }

    void replicate(int partition) {
        if (durability != Durability.ONE_SERVER) {
            replicas.put(partition, new ModelPartition(store.partition(partition)));
            replicatedMs[partition] = monoMs;
        }
    }

    private void failOver() {
        replicas.forEach(store::replace);
        newest.clear();
        generation++;
        for (var partition = 0; partition < PARTITIONS; partition++) {
            replicate(partition);
        }
    }

    /** Calls the store: the move may not be made, or be made and its answer lost. Throws LeaseLost. */
    <T> Said<T> call(Supplier<Future<T>> move) {
        if (fault(0.03)) {
            return new Said<>(true, null);
        }
        var future = move.get();
        if (future.failed()) {
            if (future.cause() instanceof LeaseLost lost) {
                throw lost;
            }
            wrong(Invariant.NOTHING_LOST, "the store failed: " + future.cause().getMessage());
            throw new LeaseLost("stop");
        }
        return fault(0.06) ? new Said<>(true, null) : new Said<>(false, future.result());
    }

    /** The same for a move that is made under a fence. */
    <T> Said<T> fenced(int partition, StreamGroup group, Fence fence, Supplier<Future<T>> move) {
        return call(() -> {
            var future = move.get();
            if (future.succeeded() && !fence.equals(newest.getOrDefault(partition + group.name(), fence))) {
                wrong(Invariant.FINISHED_ONCE, "a stale holder was obeyed: " + fence + " of " + group.name());
            }
            return future;
        });
    }

    /** Every lease that is given is noted, whether its owner hears of it or not. */
    Said<LeaseAnswer> lease(int partition, StreamGroup group, String owner) {
        return call(() -> {
            var future = store.lease(partition, group, owner, Duration.ofMillis(SimActor.TTL_MS), false);
            if (future.result() instanceof LeaseAnswer.Held held) {
                var before = newest.put(partition + group.name(), held.fence());
                if (before != null
                        && !before.equals(held.fence())
                        && before.epoch() >= held.fence().epoch()) {
                    wrong(Invariant.SENT_ONCE, "an epoch was given twice: " + held.fence());
                }
            }
            return future;
        });
    }

    void time() {
        var passed = random.nextInt(60);
        monoMs += passed;
        wallMs += passed;
        if (fault(0.002)) {
            wallMs += chance(0.5) ? 3_600_000 : -600_000;
        }
        if (durability != Durability.ONE_SERVER) {
            for (var partition = 0; partition < PARTITIONS; partition++) {
                if (chance(0.01) || monoMs - replicatedMs[partition] > LAG_MS_MAX) {
                    replicate(partition);
                }
            }
            if (fault(0.002)) {
                failOver();
            }
        }
    }
}
