// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;

/** What the append measures. */
final class StreamMetrics {
    private final Timer latency;
    private final DistributionSummary batch;
    private final Counter appended;
    private final Counter repeated;

    StreamMetrics(MeterRegistry registry) {
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
    }

    void flushed(List<Batch> batches, long nanos) {
        latency.record(Duration.ofNanos(nanos));
        for (var one : batches) {
            batch.record(one.events());
            appended.increment(one.events());
        }
    }

    void repeated(int events) {
        repeated.increment(events);
    }
}
