// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import dev.spillway.gateway.async.CrashPoint;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds partitions of one group for this process: takes what is free, renews what is held, gives up what another should
 * have, and drops at once what can no longer be proved.
 *
 * <p>Safety is the lease's: the scripts refuse whoever does not hold it. Balance is a hint: the share only decides what
 * is given up, and a lease that has run out may be taken by anyone.
 *
 * <p>Threads: owned by one context; the {@link Holder} is called on it.
 */
public final class LeaseKeeper {
    private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);
    private static final Duration TICK = Duration.ofMillis(500);
    private static final Duration MEMBER_TTL = Duration.ofSeconds(3);
    private static final Duration HEALTHY_AFTER = Duration.ofSeconds(10);

    /** What a stage does with partitions. */
    public interface Holder {
        /** The partition is ours from now on. Nothing of an earlier holding is in memory. */
        void acquired(Tenure tenure);

        /** Take nothing new; completes when what is in work is committed. */
        Future<Void> handOver(Tenure tenure);

        /** The partition is ours no more: drop everything in memory, say nothing to the store. */
        void lost(Tenure tenure);
    }

    private final Vertx vertx;
    private final Context context;
    private final PartitionStore store;
    private final IntFunction<@Nullable ServerGeneration> generation;
    private final StreamGroup group;
    private final int partitions;
    private final String process;
    private final LeaseTiming timing;
    private final LongSupplier nanoClock;
    private final Holder holder;

    // Owned by the context.
    private final Map<Integer, Tenure> held = new HashMap<>();
    private final Set<Integer> asked = new HashSet<>();
    private final Set<Integer> shunned = new HashSet<>();
    private final Map<Integer, String> owners = new HashMap<>();
    private Set<Integer> share = Set.of();
    private long ticks;
    // Written by the context, read by anyone.
    private volatile int members = 1;
    private long holdings;
    private long timer = -1;
    private boolean draining;
    private Runnable onDrained = () -> {};

    LeaseKeeper(
            Vertx vertx,
            Context context,
            PartitionStore store,
            IntFunction<@Nullable ServerGeneration> generation,
            StreamGroup group,
            int partitions,
            LeaseTiming timing,
            LongSupplier nanoClock,
            Holder holder) {
        this.vertx = vertx;
        this.context = context;
        this.store = store;
        this.generation = generation;
        this.group = group;
        this.partitions = partitions;
        this.process = UUID.randomUUID().toString();
        this.timing = timing;
        this.nanoClock = nanoClock;
        this.holder = holder;
    }

    /** Starts to take partitions. */
    public void start() {
        context.runOnContext(ignored -> {
            timer = vertx.setPeriodic(TICK.toMillis(), tick -> tick());
            tick();
        });
    }

    /** Is called when all is given back. */
    void onDrained(Runnable drained) {
        onDrained = drained;
    }

    /** How many partitions are held. Call on the context. */
    public int held() {
        return held.size();
    }

    /** Live processes of this group, this one among them, as far as is known. Threads: any. */
    public int members() {
        return members;
    }

    /** Gives everything back, each partition as soon as its own work is committed; completes when all are. */
    public Future<Void> drain() {
        draining = true;
        vertx.cancelTimer(timer);
        // Renewals go on, so that a slow bot does not lose its lease while it finishes.
        timer = vertx.setPeriodic(TICK.toMillis(), tick -> renew());
        var yields = List.copyOf(held.values()).stream().map(this::giveUp).toList();
        return Future.join(yields)
                .eventually(() -> store.heartbeat(group, process, Duration.ZERO).otherwiseEmpty())
                .onComplete(ignored -> {
                    vertx.cancelTimer(timer);
                    onDrained.run();
                })
                .mapEmpty();
    }

    private void tick() {
        if (IntStream.range(0, partitions).allMatch(partition -> generation.apply(partition) == null)) {
            dropUnprovable();
            return;
        }
        if (ticks % 2 == 0) {
            store.heartbeat(group, process, MEMBER_TTL).onSuccess(this::rebalance);
        }
        renew();
        acquire(ticks % 4 == 0);
        ticks++;
    }

    private void rebalance(List<String> members) {
        this.members = Math.max(1, members.size());
        if (members.contains(process) && !draining) {
            share = Balance.share(partitions, members, process);
            var excess = held.values().stream()
                    .filter(tenure -> !share.contains(tenure.partition()) && !tenure.isYielding())
                    .limit(Math.max(1, partitions / 8))
                    .toList();
            excess.forEach(this::giveUp);
            acquire(false);
        }
    }

    private void renew() {
        dropUnprovable();
        for (var tenure : List.copyOf(held.values())) {
            if (tenure.renewalDue(timing.renewEvery())) {
                renew(tenure);
            }
        }
    }

    private void renew(Tenure tenure) {
        var started = nanoClock.getAsLong();
        var healthy = tenure.healthyFor(HEALTHY_AFTER);
        store.lease(tenure.partition(), group, tenure.fence().owner(), timing.ttl(), healthy)
                .onSuccess(answer -> {
                    if (answer instanceof LeaseAnswer.Held mine && mine.fence().equals(tenure.fence())) {
                        tenure.renewed(started);
                    } else {
                        drop(tenure, "another took it");
                        if (answer instanceof LeaseAnswer.Held anew) {
                            // Another had it and gave it back, and our renewal took it once more: nobody works there.
                            store.release(tenure.partition(), group, anew.fence());
                        }
                    }
                });
    }

    /**
     * Drops what is held of a server that is another now. Call on the context before anything is said to that server: it
     * would take our fence for good, as far as it was replicated, while what we remember may never have reached it.
     */
    void serverChanged() {
        dropUnprovable();
    }

    private void dropUnprovable() {
        for (var tenure : List.copyOf(held.values())) {
            var now = generation.apply(tenure.partition());
            if (now != null && !now.equals(tenure.generation())) {
                drop(tenure, "the server is another");
                store.release(tenure.partition(), group, tenure.fence());
            } else if (!tenure.isValid()) {
                drop(tenure, "it could not be renewed in time");
            }
        }
    }

    private void acquire(boolean anyFree) {
        if (draining) {
            return;
        }
        IntStream.range(0, partitions)
                .filter(partition -> !held.containsKey(partition) && !shunned.contains(partition))
                .filter(partition -> anyFree || share.contains(partition))
                .filter(partition -> generation.apply(partition) != null)
                .filter(asked::add)
                .forEach(this::acquire);
    }

    private void acquire(int partition) {
        // The same name until it is ours: if the answer is lost, the next try finds that it was.
        var owner = owners.computeIfAbsent(partition, ignored -> process + ":" + ++holdings);
        var started = nanoClock.getAsLong();
        var asking = generation.apply(partition);
        store.lease(partition, group, owner, timing.ttl(), false)
                .onComplete(ignored -> asked.remove(partition))
                .onSuccess(answer -> {
                    if (answer instanceof LeaseAnswer.Held mine) {
                        owners.remove(partition);
                        took(partition, mine, started, asking);
                    }
                });
    }

    private void took(int partition, LeaseAnswer.Held mine, long started, @Nullable ServerGeneration asking) {
        if (draining || asking == null || !Objects.equals(asking, generation.apply(partition))) {
            store.release(partition, group, mine.fence());
            return;
        }
        var tenure = new Tenure(
                partition,
                mine,
                asking,
                nanoClock,
                timing.validFor(),
                started,
                gone -> drop(gone, "a script was fenced off"),
                this::shun);
        held.put(partition, tenure);
        if (mine.takeovers() > 0) {
            log.atWarn()
                    .addKeyValue("group", group.name())
                    .addKeyValue("partition", partition)
                    .addKeyValue("takeovers", mine.takeovers())
                    .log("Took a partition over from an owner that did not give it back");
        }
        holder.acquired(tenure);
    }

    private Future<Void> giveUp(Tenure tenure) {
        tenure.yielding();
        return holder.handOver(tenure)
                .eventually(() -> {
                    if (held.remove(tenure.partition(), tenure)) {
                        tenure.end();
                        holder.lost(tenure);
                    }
                    CrashPoint.at("release.before");
                    return store.release(tenure.partition(), group, tenure.fence())
                            .onComplete(ignored -> CrashPoint.at("release.after"))
                            .otherwiseEmpty();
                })
                .otherwiseEmpty();
    }

    // Another process may be able to: while a new version is rolled out, both kinds run.
    private void shun(Tenure tenure) {
        if (shunned.add(tenure.partition())) {
            var unused = giveUp(tenure);
        }
    }

    private void drop(Tenure tenure, String why) {
        if (held.remove(tenure.partition(), tenure)) {
            tenure.end();
            log.atWarn()
                    .addKeyValue("group", group.name())
                    .addKeyValue("partition", tenure.partition())
                    .addKeyValue("why", why)
                    .log("Lost a partition");
            holder.lost(tenure);
        }
    }

    /** Everything held now. Call on the context. */
    public List<Tenure> tenures() {
        return new ArrayList<>(held.values());
    }
}
