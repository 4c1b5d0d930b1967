// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.async;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/**
 * Batch-while-busy: one call is under way at a time, and what comes meanwhile goes into the next. A lone item never
 * waits; under load batches grow by themselves.
 *
 * <p>Threads: owned by one context. Its length is bounded by whoever submits.
 */
public final class Batcher<T, R> {
    private record Item<T, R>(T value, Promise<R> result) {}

    private final int most;
    private final Function<List<T>, Future<List<R>>> call;
    private final Deque<Item<T, R>> waiting = new ArrayDeque<>();
    private boolean busy;

    /**
     * Nothing is called before the first item.
     *
     * @param most items in one call
     * @param call answers in the order of its items; it fails for all of them or for none
     */
    public Batcher(int most, Function<List<T>, Future<List<R>>> call) {
        this.most = most;
        this.call = call;
    }

    /** Puts an item into the next call. */
    public Future<R> submit(T value) {
        var item = new Item<T, R>(value, Promise.promise());
        waiting.addLast(item);
        next();
        return item.result().future();
    }

    /** Whether nothing is waiting or under way. */
    public boolean isIdle() {
        return !busy && waiting.isEmpty();
    }

    private void next() {
        if (busy || waiting.isEmpty()) {
            return;
        }
        busy = true;
        var batch = new ArrayList<Item<T, R>>();
        while (batch.size() < most && !waiting.isEmpty()) {
            batch.add(waiting.removeFirst());
        }
        call.apply(batch.stream().map(Item::value).toList()).onComplete(ended -> {
            busy = false;
            for (var i = 0; i < batch.size(); i++) {
                var result = batch.get(i).result();
                if (ended.succeeded()) {
                    result.complete(ended.result().get(i));
                } else {
                    result.fail(ended.cause());
                }
            }
            next();
        });
    }
}
