// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import dev.spillway.gateway.messenger.EventKey;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The partitions in memory, with exactly the meaning of the scripts and a clock of the test's. Every future has ended
 * when it is returned. Not for several threads.
 */
final class InMemoryPartitionStore implements PartitionStore {
    private final LongSupplier clockMs;
    private final Set<Flaw> flaws;
    private final Map<Integer, ModelPartition> partitions = new HashMap<>();
    private final Map<String, Map<String, Long>> members = new HashMap<>();

    InMemoryPartitionStore(LongSupplier clockMs) {
        this(clockMs, EnumSet.noneOf(Flaw.class));
    }

    /** One that is wrong on purpose. */
    InMemoryPartitionStore(LongSupplier clockMs, Set<Flaw> flaws) {
        this.clockMs = clockMs;
        this.flaws = flaws;
    }

    ModelPartition partition(int partition) {
        return partitions.computeIfAbsent(partition, ignored -> new ModelPartition(clockMs, flaws));
    }

    /** Another server answers for a partition from now on. */
    void replace(int partition, ModelPartition by) {
        partitions.put(partition, by);
    }

    @Override
    public Future<LeaseAnswer> lease(int partition, StreamGroup group, String owner, Duration ttl, boolean healthy) {
        return ended(() -> partition(partition).lease(group, owner, ttl, healthy));
    }

    @Override
    public Future<Void> release(int partition, StreamGroup group, Fence fence) {
        return done(() -> partition(partition).release(group, fence));
    }

    @Override
    public Future<Void> suspect(int partition, StreamGroup group, Fence fence, List<EventKey> running) {
        return done(() -> partition(partition).suspect(group, fence, running));
    }

    @Override
    public Future<List<String>> heartbeat(StreamGroup group, String process, Duration ttl) {
        return ended(() -> {
            var now = clockMs.getAsLong();
            var of = members.computeIfAbsent(group.membersKey(), ignored -> new HashMap<>());
            if (ttl.isZero()) {
                of.remove(process);
            } else {
                of.put(process, now + ttl.toMillis());
            }
            of.values().removeIf(until -> until <= now || until > now + 10 * ttl.toMillis() + 60_000);
            return of.entrySet().stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue()
                            .thenComparing(Map.Entry.comparingByKey(Comparator.naturalOrder())))
                    .map(Map.Entry::getKey)
                    .toList();
        });
    }

    @Override
    public Future<List<Entry>> take(
            int partition, StreamGroup group, Fence fence, String after, int events, int bytes) {
        return ended(() -> partition(partition).take(group, fence, after, events, bytes));
    }

    @Override
    public Future<List<Boolean>> seen(int partition, Subscription subscription, Fence fence, List<Guarded> events) {
        return ended(() -> partition(partition).seen(subscription, fence, events));
    }

    @Override
    public Future<Committed> commit(
            int partition,
            Subscription subscription,
            Fence fence,
            List<? extends Finished> events,
            List<FinishedEntry> entries) {
        return ended(() -> partition(partition).commit(subscription, fence, events, entries));
    }

    @Override
    public Future<Map<String, String>> aside(int partition, Subscription subscription) {
        return ended(() -> partition(partition).boundaries(subscription));
    }

    @Override
    public Future<Boolean> setAside(int partition, Subscription subscription, Fence fence, SetAside events) {
        return ended(() -> partition(partition).setAside(subscription, fence, events));
    }

    @Override
    public Future<Boolean> rejoin(int partition, Subscription subscription, Fence fence, String page) {
        return ended(() -> partition(partition).rejoin(subscription, fence, page));
    }

    @Override
    public Future<Long> trimAside(int partition, Subscription subscription, String page) {
        return ended(() -> partition(partition).trimAside(subscription, page));
    }

    @Override
    public Future<List<JournalWord>> begin(int partition, Fence fence, List<ReplyAttempt> attempts, boolean again) {
        return ended(() -> partition(partition).begin(fence, attempts, again));
    }

    @Override
    public Future<Void> abort(int partition, Fence fence, ReplyAttempt attempt) {
        return done(() -> partition(partition).abort(fence, attempt));
    }

    @Override
    public Future<Void> sentLate(int partition, Fence fence, ReplyAttempt attempt) {
        return done(() -> partition(partition).sentLate(fence, attempt));
    }

    @Override
    public Future<Void> echoed(int partition, List<ReplyId> replies) {
        return done(() -> partition(partition).echoed(replies));
    }

    @Override
    public Future<List<JournalRow>> rows(int partition, List<ReplyId> replies) {
        return ended(() -> replies.stream()
                .map(reply -> partition(partition).row(reply.toString()))
                .toList());
    }

    @Override
    public Future<Void> settle(int partition, Fence fence, List<? extends Sealed> replies, List<SealedEntry> entries) {
        return done(() -> partition(partition).settle(fence, replies, entries));
    }

    @Override
    public Future<Long> trim(int partition, StreamGroup.Stream stream, List<String> groups, Kept kept) {
        if (!kept.equals(Kept.NOTHING)) {
            throw new IllegalArgumentException("the model keeps nothing");
        }
        return ended(() -> partition(partition).trim(stream, groups));
    }

    @Override
    public Future<Drift> drift(int partition, StreamGroup group, Fence fence, Drift before) {
        return ended(() -> partition(partition).drift(group, fence, before));
    }

    private static Future<Void> done(Runnable move) {
        return ended(() -> {
            move.run();
            return (Void) null;
        });
    }

    private static <T> Future<T> ended(Supplier<T> move) {
        try {
            return Future.succeededFuture(move.get());
        } catch (LeaseLost | GroupMissing refused) {
            return Future.failedFuture(refused);
        }
    }
}
