// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The units a node has for one class of a scope: a batch in use and those behind it.
 *
 * <p>Threads: the lane adds and moves on; any thread may take from the batch in use.
 */
final class Hand {
    private final ArrayDeque<Batch> behind = new ArrayDeque<>();
    private volatile @Nullable Batch inUse;

    /** The batch in use; null if there is none. Any thread. */
    @Nullable
    Batch inUse() {
        return inUse;
    }

    void add(Batch batch) {
        if (inUse == null) {
            inUse = batch;
        } else {
            behind.add(batch);
        }
    }

    /** Puts the batch in use away; the next one, or null. */
    @Nullable
    Batch next() {
        inUse = behind.poll();
        return inUse;
    }

    /** Units not handed out yet, due or not. */
    long units() {
        var batch = inUse;
        var units = batch == null ? 0 : batch.left();
        for (var waiting : behind) {
            units += waiting.left();
        }
        return units;
    }
}
