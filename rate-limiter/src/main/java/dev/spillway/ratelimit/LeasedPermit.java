// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** A unit of a batch in someone's hands. */
final class LeasedPermit implements Permit {
    private final Desk desk;
    final Batch batch;
    final long unit;
    final int weight;
    /** The unit's instant, or that of the conversation's own pace if it is later. */
    final long dueNanos;

    private final AtomicBoolean finished = new AtomicBoolean();

    LeasedPermit(Desk desk, Batch batch, long unit, int weight, long dueNanos) {
        this.desk = desk;
        this.batch = batch;
        this.unit = unit;
        this.weight = weight;
        this.dueNanos = dueNanos;
    }

    @Override
    public boolean isValid() {
        return desk.stillValid(this);
    }

    @Override
    public Duration dueIn() {
        return Duration.ofNanos(Math.max(0, dueNanos - desk.nanos()));
    }

    @Override
    public Duration voidIn() {
        return Duration.ofNanos(desk.voidInNanos(this));
    }

    @Override
    public long epoch() {
        return batch.grant.standing().epoch();
    }

    @Override
    public void complete(SendOutcome outcome) {
        if (finished.compareAndSet(false, true)) {
            desk.completed(this, outcome);
        }
    }

    @Override
    public void release() {
        if (finished.compareAndSet(false, true)) {
            desk.released(this);
        }
    }
}
