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

    // What is finished in one step; never cut in two.
    private record Item(List<Work> works, List<Finished> finished) {}

    private final Timers timers;
    private final PartitionStore store;
    private final Subscription subscription;
    private final Tenure tenure;
    private final Consumer<Answered> onAnswered;
    private final Consumer<Throwable> onFailed;

    private List<Item> items = new ArrayList<>();
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

    /** Events are finished, all or none. An entry goes along with its last open one. */
    void add(List<Work> works, List<Finished> finished) {
        items.add(new Item(works, finished));
        for (var work : works) {
            if (work.entry().closed()) {
                entries.add(work.entry());
            }
        }
        next();
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
        return !busy && items.isEmpty() && entries.isEmpty();
    }

    private void next() {
        if (busy || (items.isEmpty() && entries.isEmpty())) {
            return;
        }
        busy = true;
        var committing = nextItems();
        // An entry may only go with its last event: what is cut off keeps the entries for the next call.
        var closing = committing.size() == items.size() ? entries : List.<OpenEntry>of();
        items = new ArrayList<>(items.subList(committing.size(), items.size()));
        if (items.isEmpty()) {
            entries = new ArrayList<>();
        }
        CrashPoint.at("commit.before");
        timers.until(
                        () -> commit(committing, closing),
                        failure -> failure instanceof StoreUnavailable && tenure.isValid())
                .onComplete(ignored -> busy = false)
                .onSuccess(committed -> {
                    CrashPoint.at("commit.after");
                    var works = committing.stream()
                            .flatMap(item -> item.works().stream())
                            .toList();
                    onAnswered.accept(new Answered(works, closing, committed));
                    next();
                })
                .onFailure(onFailed::accept);
    }

    private List<Item> nextItems() {
        var events = 0;
        var count = 0;
        while (count < items.size()
                && (count == 0 || events + items.get(count).works().size() <= EVENTS_MAX)) {
            events += items.get(count).works().size();
            count++;
        }
        return List.copyOf(items.subList(0, count));
    }

    private Future<Committed> commit(List<Item> committing, List<OpenEntry> closing) {
        List<FinishedEntry> finished = closing.stream().map(OpenEntry::finished).toList();
        return store.commit(
                tenure.partition(),
                subscription,
                tenure.fence(),
                committing.stream().flatMap(item -> item.finished().stream()).toList(),
                finished);
    }
}
