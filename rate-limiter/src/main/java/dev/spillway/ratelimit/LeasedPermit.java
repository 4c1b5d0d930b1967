// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.util.concurrent.atomic.AtomicBoolean;

/** A unit of a batch in someone's hands. */
final class LeasedPermit implements Permit {
    private final Desk desk;
    final Batch batch;
    final long unit;
    final int weight;
    private final AtomicBoolean finished = new AtomicBoolean();

    LeasedPermit(Desk desk, Batch batch, long unit, int weight) {
        this.desk = desk;
        this.batch = batch;
        this.unit = unit;
        this.weight = weight;
    }

    @Override
    public boolean isValid() {
        return desk.stillValid(batch, unit);
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
