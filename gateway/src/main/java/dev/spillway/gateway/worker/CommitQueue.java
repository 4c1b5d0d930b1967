// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import dev.spillway.gateway.async.CrashPoint;
import dev.spillway.gateway.async.Timers;
import dev.spillway.gateway.stream.Committed;
import dev.spillway.gateway.stream.Finished;
import dev.spillway.gateway.stream.FinishedEntry;
import dev.spillway.gateway.stream.PartitionStore;
import dev.spillway.gateway.stream.StoreUnavailable;
import dev.spillway.gateway.stream.Subscription;
import dev.spillway.gateway.stream.Tenure;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Commits what is finished, batch-while-busy, and repeats a commit until it is answered or the lease is gone.
 *
 * <p>Threads: owned by one context. Its length is bounded by the partition's window.
 */
final class CommitQueue {
    private static final int EVENTS_MAX = 128;

    /** Told of each commit that was answered. */
    record Answered(List<Work> works, List<OpenEntry> entries, Committed committed) {}

    private record Item(Work work, Finished finished) {}

    private final Timers timers;
    private final PartitionStore store;
    private final Subscription subscription;
    private final Tenure tenure;
    private final Consumer<Answered> onAnswered;
    private final Consumer<Throwable> onFailed;

    private List<Item> events = new ArrayList<>();
    private List<OpenEntry> entries = new ArrayList<>();
    private boolean busy;

    CommitQueue(
            Timers timers,
            PartitionStore store,
            Subscription subscription,
            Tenure tenure,
            Consumer<Answered> onAnswered,
            Consumer<Throwable> onFailed) {
        this.timers = timers;
        this.store = store;
        this.subscription = subscription;
        this.tenure = tenure;
        this.onAnswered = onAnswered;
        this.onFailed = onFailed;
    }

    /** An event is finished. Its entry goes along if that was its last open one. */
    void add(Work work, Finished finished) {
        events.add(new Item(work, finished));
        close(work.entry());
    }

    /** A part of an entry needs no commit of its own. */
    void close(OpenEntry entry) {
        if (entry.closed()) {
            entries.add(entry);
        }
        next();
    }

    /** Whether all that is finished is committed. */
    boolean isIdle() {
        return !busy && events.isEmpty() && entries.isEmpty();
    }

    private void next() {
        if (busy || (events.isEmpty() && entries.isEmpty())) {
            return;
        }
        busy = true;
        var batch = events.subList(0, Math.min(EVENTS_MAX, events.size()));
        var committing = List.copyOf(batch);
        // An entry may only go with its last event: what is cut off keeps the entries for the next call.
        var closing = committing.size() == events.size() ? entries : List.<OpenEntry>of();
        events = new ArrayList<>(events.subList(committing.size(), events.size()));
        if (events.isEmpty()) {
            entries = new ArrayList<>();
        }
        CrashPoint.at("commit.before");
        timers.until(
                        () -> commit(committing, closing),
                        failure -> failure instanceof StoreUnavailable && tenure.isValid())
                .onComplete(ignored -> busy = false)
                .onSuccess(committed -> {
                    CrashPoint.at("commit.after");
                    onAnswered.accept(
                            new Answered(committing.stream().map(Item::work).toList(), closing, committed));
                    next();
                })
                .onFailure(onFailed::accept);
    }

    private Future<Committed> commit(List<Item> committing, List<OpenEntry> closing) {
        List<FinishedEntry> finished = closing.stream().map(OpenEntry::finished).toList();
        return store.commit(
                tenure.partition(),
                subscription,
                tenure.fence(),
                committing.stream().map(Item::finished).toList(),
                finished);
    }
}
