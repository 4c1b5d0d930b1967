// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dispatch;

import dev.spillway.gateway.async.CrashPoint;
import dev.spillway.gateway.async.Timers;
import dev.spillway.gateway.stream.PartitionStore;
import dev.spillway.gateway.stream.Sealed;
import dev.spillway.gateway.stream.StoreUnavailable;
import dev.spillway.gateway.stream.Tenure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Seals replies and acknowledges their entries, batch-while-busy, and repeats a settlement until it is answered or the
 * lease is gone. Threads: owned by one context; bounded by the partition's window.
 */
final class SettleQueue {
    private static final int REPLIES_MAX = 128;

    private final Timers timers;
    private final PartitionStore store;
    private final Tenure tenure;
    private final Consumer<List<OpenReplies>> onSettled;
    private final Consumer<Throwable> onFailed;

    private List<Sealed> replies = new ArrayList<>();
    private List<OpenReplies> entries = new ArrayList<>();
    private boolean busy;

    SettleQueue(
            Timers timers,
            PartitionStore store,
            Tenure tenure,
            Consumer<List<OpenReplies>> onSettled,
            Consumer<Throwable> onFailed) {
        this.timers = timers;
        this.store = store;
        this.tenure = tenure;
        this.onSettled = onSettled;
        this.onFailed = onFailed;
    }

    /** A reply has ended; its entry goes along if that was its last. */
    void add(Sealed reply, OpenReplies entry) {
        replies.add(reply);
        close(entry);
    }

    /** A part of an entry was sealed before. */
    void close(OpenReplies entry) {
        if (entry.closed()) {
            entries.add(entry);
        }
        next();
    }

    boolean isIdle() {
        return !busy && replies.isEmpty() && entries.isEmpty();
    }

    private void next() {
        if (busy || (replies.isEmpty() && entries.isEmpty())) {
            return;
        }
        busy = true;
        var sealing = List.copyOf(replies.subList(0, Math.min(REPLIES_MAX, replies.size())));
        replies = new ArrayList<>(replies.subList(sealing.size(), replies.size()));
        // An entry may only go with its last reply: what is cut off keeps the entries for the next call.
        var closing = replies.isEmpty() ? entries : List.<OpenReplies>of();
        if (replies.isEmpty()) {
            entries = new ArrayList<>();
        }
        CrashPoint.at("settle.before");
        timers.until(
                        () -> store.settle(
                                tenure.partition(),
                                tenure.fence(),
                                sealing,
                                closing.stream().map(OpenReplies::sealed).toList()),
                        failure -> failure instanceof StoreUnavailable && tenure.isValid())
                .onComplete(ignored -> busy = false)
                .onSuccess(ignored -> {
                    CrashPoint.at("settle.after");
                    onSettled.accept(closing);
                    next();
                })
                .onFailure(onFailed::accept);
    }
}
