// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.graph;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Calls to the Graph API, by how they ended. */
final class GraphMetrics {
    private enum Ended {
        SENT,
        REFUSED,
        THROTTLED,
        NOT_SENT,
        IN_DOUBT
    }

    private final Map<Ended, Timer> calls = new EnumMap<>(Ended.class);

    GraphMetrics(MeterRegistry registry) {
        for (var ended : Ended.values()) {
            calls.put(
                    ended,
                    Timer.builder("spillway.graph.call")
                            .description("Time of one call to the Graph API, by outcome.")
                            .tag(
                                    "outcome",
                                    ended.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                            .serviceLevelObjectives(
                                    Duration.ofMillis(10),
                                    Duration.ofMillis(50),
                                    Duration.ofMillis(250),
                                    Duration.ofSeconds(1),
                                    Duration.ofSeconds(5))
                            .register(registry));
        }
    }

    void ended(Outcome outcome, long nanos) {
        var ended =
                switch (outcome) {
                    case Outcome.Sent ignored -> Ended.SENT;
                    case Outcome.Refused refused -> refused.remedy().isThrottle() ? Ended.THROTTLED : Ended.REFUSED;
                    case Outcome.NotSent ignored -> Ended.NOT_SENT;
                    case Outcome.InDoubt ignored -> Ended.IN_DOUBT;
                };
        requireNonNull(calls.get(ended)).record(Duration.ofNanos(nanos));
    }
}
