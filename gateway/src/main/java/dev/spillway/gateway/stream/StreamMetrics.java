// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;

/** What the append measures. */
final class StreamMetrics {
    private final MeterRegistry registry;
    private final Timer latency;
    private final DistributionSummary batch;
    private final Counter appended;
    private final Counter repeated;
    private final Counter repaired;
    private final Counter unconfirmed;

    StreamMetrics(MeterRegistry registry) {
        this.registry = registry;
        latency = Timer.builder("spillway.stream.append")
                .description("Time of one flush, from the first command to the last reply.")
                .serviceLevelObjectives(
                        Duration.ofMillis(1),
                        Duration.ofMillis(5),
                        Duration.ofMillis(25),
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(2))
                .register(registry);
        batch = DistributionSummary.builder("spillway.stream.batch.events")
                .description("Events in one entry.")
                .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64, 128, 256)
                .register(registry);
        appended = Counter.builder("spillway.stream.appended.events")
                .description("Events written to the streams; a repeated append counts again.")
                .register(registry);
        repeated = Counter.builder("spillway.stream.repeated.events")
                .description("Events whose append was not answered and is tried again; it may have been stored.")
                .register(registry);
        repaired = Counter.builder("spillway.stream.repaired.events")
                .description("Events appended once more because another server answered than the one that had them.")
                .register(registry);
        unconfirmed = Counter.builder("spillway.stream.unconfirmed.flushes")
                .description("Flushes that too few replicas confirmed in time; their webhooks got 503.")
                .register(registry);
    }

    void flushed(List<Batch> batches, long nanos) {
        latency.record(Duration.ofNanos(nanos));
        for (var one : batches) {
            batch.record(one.events());
            appended.increment(one.events());
        }
    }

    void repairWindow(List<Acknowledged> lanes) {
        Gauge.builder("spillway.stream.repair.window", lanes, all -> all.stream()
                        .mapToLong(Acknowledged::seconds)
                        .max()
                        .orElse(0))
                .baseUnit("seconds")
                .description("How far back acknowledged events are kept, to be appended once more after a failover.")
                .register(registry);
    }

    void repaired(int events) {
        repaired.increment(events);
    }

    void unconfirmed() {
        unconfirmed.increment();
    }

    void repeated(int events) {
        repeated.increment(events);
    }
}
