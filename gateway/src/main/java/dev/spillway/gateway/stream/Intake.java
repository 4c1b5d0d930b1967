// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one partition for one group, as far as there is room: what an earlier holder left unfinished first, then what
 * comes. One call is under way at a time, and each goes on where the last ended, so a reply that was lost heals itself.
 *
 * <p>Room is counted in events and bytes that were taken and are not finished. Threads: owned by one context.
 */
public final class Intake {
    private static final Logger log = LoggerFactory.getLogger(Intake.class);
    private static final long RETRY_MS = 100;

    /** How much may be taken and not finished, per partition and group. */
    public record Window(int events, int bytes) {}

    private final Vertx vertx;
    private final Context context;
    private final PartitionStore store;
    private final StreamGroup group;
    private final Tenure tenure;
    private final Window window;
    private final Function<List<Entry>, Future<Void>> sink;
    private final Runnable onFenced;
    private final Runnable onRoom;

    private String position = "0";
    private int events;
    private long bytes;
    private boolean taking;
    private boolean again;
    private boolean held;
    private boolean stopped;
    private boolean fullSeen;
    private List<Promise<Void>> waiting = new ArrayList<>();

    /**
     * Reads nothing until the first {@link #ring}.
     *
     * @param sink gets entries in order; no more are taken until its future completes
     * @param onFenced the lease is another's
     * @param onRoom there is room again after there was none
     */
    public Intake(
            Vertx vertx,
            Context context,
            PartitionStore store,
            StreamGroup group,
            Tenure tenure,
            Window window,
            Function<List<Entry>, Future<Void>> sink,
            Runnable onFenced,
            Runnable onRoom) {
        this.vertx = vertx;
        this.context = context;
        this.store = store;
        this.group = group;
        this.tenure = tenure;
        this.window = window;
        this.sink = sink;
        this.onFenced = onFenced;
        this.onRoom = onRoom;
    }

    /** The partition read. */
    public int partition() {
        return tenure.partition();
    }

    /** The last entry taken. */
    String position() {
        return position;
    }

    StreamGroup.Stream stream() {
        return group.stream();
    }

    /** Whether anything more may be taken now. */
    boolean listening() {
        return !stopped && !held && tenure.isValid() && !tenure.isYielding() && room();
    }

    /** Something may have come: takes until nothing more comes or there is no room. Completes then. */
    public Future<Void> ring() {
        Promise<Void> done = Promise.promise();
        waiting.add(done);
        if (taking) {
            again = true;
        } else {
            take();
        }
        return done.future();
    }

    /** Takes nothing while held, such as when a later stage is full. */
    public void hold(boolean hold) {
        if (held && !hold) {
            held = false;
            onRoom.run();
            ring();
        }
        held = hold;
    }

    /** Some of what was taken is finished. */
    public void finished(int events, long bytes) {
        this.events -= events;
        this.bytes -= bytes;
        if (fullSeen && room()) {
            fullSeen = false;
            onRoom.run();
            ring();
        }
    }

    /** Takes nothing more, for good. */
    public void stop() {
        stopped = true;
        rest();
    }

    /** Whether as much is in hand as may be. */
    public boolean isFull() {
        return !room();
    }

    private boolean room() {
        return events < window.events() && bytes < window.bytes();
    }

    private void take() {
        again = false;
        if (!listening()) {
            fullSeen = !room();
            rest();
            return;
        }
        taking = true;
        store.take(tenure.partition(), group, tenure.fence(), position, window.events() - events, (int)
                        (window.bytes() - bytes))
                .onSuccess(this::took)
                .onFailure(this::failed);
    }

    private void took(List<Entry> entries) {
        if (stopped) {
            taking = false;
            rest(); // Whoever rang while the last call was under way must not wait for ever.
            return;
        }
        if (entries.isEmpty()) {
            taking = false;
            if (again) {
                take();
            } else {
                rest();
            }
            return;
        }
        position = entries.getLast().id();
        for (var entry : entries) {
            events += entry.count();
            bytes += entry.batch().length;
        }
        sink.apply(entries).onComplete(ignored -> {
            taking = false;
            take();
        });
    }

    private void failed(Throwable failure) {
        taking = false;
        switch (failure) {
            case LeaseLost ignored -> {
                stop();
                onFenced.run();
            }
            case GroupMissing missing -> {
                stop();
                log.atError()
                        .addKeyValue("group", group.name())
                        .addKeyValue("partition", tenure.partition())
                        .addKeyValue("cause", String.valueOf(missing.getMessage()))
                        .log("A stream or group was deleted by hand: this partition stands still until it is looked"
                                + " at");
            }
            default -> {
                rest();
                vertx.setTimer(
                        RETRY_MS,
                        ignored -> context.runOnContext(alsoIgnored -> {
                            if (!taking && !stopped) {
                                take();
                            }
                        }));
            }
        }
    }

    private void rest() {
        var done = waiting;
        waiting = new ArrayList<>();
        done.forEach(Promise::tryComplete);
    }
}
