// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dispatch;

import dev.spillway.gateway.async.Timers;
import dev.spillway.gateway.stream.Fence;
import dev.spillway.gateway.stream.PartitionStore;
import dev.spillway.gateway.stream.ReplyAttempt;
import dev.spillway.gateway.stream.StoreUnavailable;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Sends that the platform has confirmed to this process lately, for a journal that does not know: the partition was lost
 * before the journal was told, or a failover has taken it back to before it was. Told again, no later holder doubts them,
 * and none is sent twice even where no echo comes.
 *
 * <p>Kept for as long as a failover may take back; while Redis is away nothing is sent, and so nothing is forgotten.
 * Threads: owned by one context.
 */
final class Confirmed {
    private static final Duration KEPT_FOR = Duration.ofSeconds(10);
    /** Some 200 bytes each. */
    private static final int KEPT_MAX = 50_000;

    private static final Duration TOLD_WITHIN = Duration.ofMinutes(2);

    private record One(int partition, Fence fence, ReplyAttempt attempt, long nanos) {}

    private final Timers timers;
    private final PartitionStore store;
    private final LongSupplier nanoClock;
    private final Deque<One> kept = new ArrayDeque<>();
    /** The last telling of each partition; an earlier one that is still under way is over with it. */
    private final Map<Integer, Integer> tellings = new HashMap<>();

    Confirmed(Timers timers, PartitionStore store, LongSupplier nanoClock) {
        this.timers = timers;
        this.store = store;
        this.nanoClock = nanoClock;
    }

    /** The platform has it. */
    void add(int partition, Fence fence, ReplyAttempt attempt) {
        var now = nanoClock.getAsLong();
        kept.addLast(new One(partition, fence, attempt, now));
        while (kept.size() > KEPT_MAX || now - kept.getFirst().nanos() > KEPT_FOR.toNanos()) {
            kept.removeFirst();
        }
    }

    /** Tells a partition's journal; it may have known. */
    void tell(int partition) {
        tell(
                partition,
                kept.stream().filter(one -> one.partition() == partition).toList());
    }

    /** Tells all journals: they may have been taken back. */
    void tellAll() {
        kept.stream().collect(Collectors.groupingBy(One::partition)).forEach(this::tell);
    }

    private void tell(int partition, List<One> all) {
        int telling = tellings.merge(partition, 1, Integer::sum);
        var until = nanoClock.getAsLong() + TOLD_WITHIN.toNanos();
        var told = Future.<Void>succeededFuture();
        for (var one : all) {
            told = told.compose(ignored -> timers.until(
                    () -> store.sentLate(partition, one.fence(), one.attempt()),
                    failure -> failure instanceof StoreUnavailable
                            && tellings.getOrDefault(partition, 0) == telling
                            && nanoClock.getAsLong() < until));
        }
    }
}
