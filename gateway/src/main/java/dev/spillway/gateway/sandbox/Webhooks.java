// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Delivers webhooks: one at a time per conversation and in order, each again and again until it is taken or given up.
 * Owned by the sandbox's context.
 *
 * <p>Bound: 100,000 events wait at most, 10,000 of one conversation; more are refused with a failed future.
 */
final class Webhooks {
    private static final int WAITING_MAX = 100_000;
    private static final int WAITING_PER_LANE_MAX = 10_000;

    /**
     * A webhook to be delivered.
     *
     * @param lane the conversation it belongs to
     */
    record Posting(
            String lane, String app, Buffer body, @Nullable String mid, Consumer<Attempt> watcher) {
        @Override
        public String toString() {
            return "Posting(" + body.length() + " bytes)";
        }
    }

    /** The events of one conversation; the first of them is on its way. */
    private static final class Lane {
        private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
    }

    private static final class Pending {
        private final Posting posting;
        private final Promise<Delivered> ended = Promise.promise();
        private int attempts;
        private long firstAtNanos;

        private Pending(Posting posting) {
            this.posting = posting;
        }
    }

    private final Vertx vertx;
    private final WebhookClient client;
    private final Retries retries;
    private final LongSupplier nanoClock;
    private final Map<String, Lane> lanes = new HashMap<>();
    private int waiting;
    private boolean closed;

    Webhooks(Vertx vertx, WebhookClient client, Retries retries, LongSupplier nanoClock) {
        this.vertx = vertx;
        this.client = client;
        this.retries = retries;
        this.nanoClock = nanoClock;
    }

    /** Ends when the event was taken or given up; fails when too many wait already. */
    Future<Delivered> deliver(Posting posting) {
        var lane = lanes.computeIfAbsent(posting.lane(), any -> new Lane());
        if (closed || waiting >= WAITING_MAX || lane.waiting.size() >= WAITING_PER_LANE_MAX) {
            return Future.failedFuture("the sandbox takes no more events now");
        }
        var pending = new Pending(posting);
        lane.waiting.addLast(pending);
        waiting++;
        if (lane.waiting.size() == 1) {
            post(lane, pending);
        }
        return pending.ended.future();
    }

    int waiting() {
        return waiting;
    }

    /** Gives up everything that waits. */
    void close() {
        closed = true;
        var given =
                lanes.values().stream().flatMap(lane -> lane.waiting.stream()).toList();
        lanes.clear();
        given.forEach(
                pending -> pending.ended.tryComplete(new Delivered(pending.posting.mid(), 0, pending.attempts, 0)));
    }

    private void post(Lane lane, Pending pending) {
        if (closed) {
            return;
        }
        var startNanos = nanoClock.getAsLong();
        if (pending.attempts++ == 0) {
            pending.firstAtNanos = startNanos;
        }
        client.post(pending.posting.app(), pending.posting.body())
                .onSuccess(status -> settle(lane, pending, status, nanoClock.getAsLong() - startNanos));
    }

    private void settle(Lane lane, Pending pending, int status, long nanos) {
        var age = Duration.ofNanos(nanoClock.getAsLong() - pending.firstAtNanos);
        var pause = status == 200 ? null : retries.pause(pending.attempts, age);
        var millis = nanos / 1_000_000;
        pending.posting.watcher().accept(new Attempt(pending.attempts, status, millis, pause != null));
        if (pause != null) {
            later(pause, () -> post(lane, pending));
            return;
        }
        end(lane, pending);
        pending.ended.tryComplete(new Delivered(pending.posting.mid(), status, pending.attempts, millis));
    }

    private void end(Lane lane, Pending pending) {
        lane.waiting.removeFirst();
        waiting--;
        var next = lane.waiting.peekFirst();
        if (next == null) {
            lanes.remove(pending.posting.lane());
        } else {
            post(lane, next);
        }
    }

    private void later(Duration pause, Runnable action) {
        // A failure that costs no time must not spin: at least a millisecond between attempts.
        vertx.setTimer(Math.max(1, pause.toMillis()), fired -> action.run());
    }
}
