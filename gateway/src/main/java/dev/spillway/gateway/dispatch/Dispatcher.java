// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dispatch;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.spillway.gateway.config.Settings;
import dev.spillway.gateway.graph.GraphClient;
import dev.spillway.gateway.stream.Intake;
import dev.spillway.gateway.stream.LeaseKeeper;
import dev.spillway.gateway.stream.RedisStore;
import dev.spillway.gateway.stream.StreamGroup;
import dev.spillway.gateway.stream.Tenure;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;

/** Sends the replies of the partitions that this process holds. Threads: owned by the context it was started on. */
public final class Dispatcher {
    private final RedisStore.Consumer consumer;
    private final LeaseKeeper keeper;

    private Dispatcher(RedisStore.Consumer consumer, LeaseKeeper keeper) {
        this.consumer = consumer;
        this.keeper = keeper;
    }

    /** Starts to take partitions. Call on the context that is to own it. */
    public static Future<Dispatcher> start(
            Vertx vertx, RedisStore store, Settings settings, GraphClient graph, MeterRegistry registry) {
        return store.consumer("dispatch").compose(consumer -> {
            var stream = settings.stream();
            var parts = new DispatchParts(
                    vertx,
                    consumer,
                    graph,
                    reply -> Future.succeededFuture(),
                    new Intake.Window(stream.windowEventsMax(), stream.windowBytesMax()),
                    settings.dispatch().doubtWait(),
                    new DispatchMetrics(registry),
                    System::nanoTime);
            var holder = new Holder(parts, settings.drain().sends().toMillis());
            var dispatcher = new Dispatcher(consumer, consumer.leases(StreamGroup.DISPATCH, holder));
            Gauge.builder("spillway.dispatch.leases", dispatcher.keeper, LeaseKeeper::held)
                    .description("Partitions held whose replies this process sends.")
                    .register(registry);
            return store.subscriptions().dispatch().map(ignored -> {
                dispatcher.keeper.start();
                return dispatcher;
            });
        });
    }

    /** Starts no new send, settles what is on its way, gives the partitions back. */
    public Future<Void> drain() {
        Promise<Void> drained = Promise.promise();
        consumer.context().runOnContext(ignored -> keeper.drain().onComplete(ended -> {
            consumer.stop();
            drained.complete();
        }));
        return drained.future();
    }

    private static final class Holder implements LeaseKeeper.Holder {
        private final DispatchParts parts;
        private final long yieldMs;
        private final Map<Integer, PartitionDispatcher> partitions = new HashMap<>();

        Holder(DispatchParts parts, long yieldMs) {
            this.parts = parts;
            this.yieldMs = yieldMs;
        }

        @Override
        public void acquired(Tenure tenure) {
            var partition = new PartitionDispatcher(parts, tenure);
            partitions.put(tenure.partition(), partition);
            partition.start();
        }

        @Override
        public Future<Void> handOver(Tenure tenure) {
            var partition = partitions.get(tenure.partition());
            return partition == null
                    ? Future.succeededFuture()
                    : partition.handOver().timeout(yieldMs, MILLISECONDS);
        }

        @Override
        public void lost(Tenure tenure) {
            var partition = partitions.remove(tenure.partition());
            if (partition != null) {
                partition.end();
            }
        }
    }
}
