// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import dev.spillway.gateway.async.CrashPoint;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trims the streams of held partitions to what every group has finished. Nothing else ever trims them.
 *
 * <p>Threads: owned by one context.
 */
final class Trimmer {
    private static final Logger log = LoggerFactory.getLogger(Trimmer.class);
    private static final long EVERY_MS = 5000;

    private final Vertx vertx;
    private final PartitionStore store;
    private final Subscriptions subscriptions;
    private final StreamGroup.Stream stream;
    private final Supplier<List<Tenure>> tenures;
    private long timer;

    Trimmer(
            Vertx vertx,
            PartitionStore store,
            Subscriptions subscriptions,
            StreamGroup.Stream stream,
            Supplier<List<Tenure>> tenures) {
        this.vertx = vertx;
        this.store = store;
        this.subscriptions = subscriptions;
        this.stream = stream;
        this.tenures = tenures;
    }

    void start(Context context) {
        context.runOnContext(ignored -> timer = vertx.setPeriodic(EVERY_MS, tick -> trim()));
    }

    void stop() {
        vertx.cancelTimer(timer);
    }

    private void trim() {
        switch (stream) {
            case EVENTS ->
                subscriptions
                        .all()
                        .onSuccess(
                                all -> trim(all.stream().map(Subscription::id).toList()));
            case REPLIES -> trim(List.of(StreamGroup.DISPATCH.name()));
        }
    }

    private void trim(List<String> groups) {
        for (var tenure : tenures.get()) {
            CrashPoint.at("trim.before");
            store.trim(tenure.partition(), stream, groups).onFailure(failure -> {
                if (failure instanceof GroupMissing) {
                    log.atError()
                            .addKeyValue("partition", tenure.partition())
                            .addKeyValue("cause", String.valueOf(failure.getMessage()))
                            .log("Nothing is trimmed: a group is missing, and Redis will fill up");
                }
            });
        }
    }
}
