// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One acquire that waits; its links belong to the {@link WaitingLine} it stands in. */
final class Waiter extends CompletableFuture<Permit> {
    final AcquireRequest request;
    final long sinceNanos;
    final long deadlineNanos;
    private final long leadNanos;
    private final Cancelled onCancel;

    WaitingLine.@Nullable Flow flow;

    @Nullable
    Waiter before;

    @Nullable
    Waiter behind;

    /** Told once, on the cancelling thread. */
    interface Cancelled {
        void left(Waiter waiter);
    }

    Waiter(AcquireRequest request, long nowNanos, Cancelled onCancel) {
        this.request = request;
        this.sinceNanos = nowNanos;
        this.deadlineNanos = nowNanos + request.maxWait().toNanos();
        this.leadNanos = request.lead().toNanos();
        this.onCancel = onCancel;
    }

    int weight() {
        return request.weight();
    }

    long leadNanos() {
        return leadNanos;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        var cancelled = super.cancel(mayInterruptIfRunning);
        if (cancelled) {
            onCancel.left(this);
        }
        return cancelled;
    }
}
