// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ingest;

import static java.util.Objects.requireNonNull;

import dev.spillway.gateway.async.Permits;
import dev.spillway.gateway.messenger.Event;
import dev.spillway.gateway.messenger.Kind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the webhook endpoint measures. Built once; every tag value is one of our enums. */
final class IngestMetrics {
    private final Map<Answer, Counter> requests = new EnumMap<>(Answer.class);
    private final Map<Kind, Counter> events = new EnumMap<>(Kind.class);
    private final Counter quarantined;
    private final Counter oldSecret;
    private final Timer stored;
    private final Counter secretsChanged;
    private final Counter secretsUnreadable;
    private final Counter connectionsRefused;
    private final Map<Patience.Overdue, Counter> overdue = new EnumMap<>(Patience.Overdue.class);

    IngestMetrics(MeterRegistry registry, Permits bytes, Permits inFlight, Permits connections) {
        for (var answer : Answer.values()) {
            requests.put(
                    answer,
                    Counter.builder("spillway.ingest.requests")
                            .description("Requests to the public port, by answer.")
                            .tag(
                                    "answer",
                                    answer.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                            .tag("status", Integer.toString(answer.status()))
                            .register(registry));
        }
        for (var kind : Kind.values()) {
            events.put(
                    kind,
                    Counter.builder("spillway.ingest.events")
                            .description("Events acknowledged with 200, by kind.")
                            .tag("kind", kind.wire())
                            .register(registry));
        }
        quarantined = Counter.builder("spillway.ingest.quarantined")
                .description("Signed bodies that nobody can read, kept for a person to look at.")
                .register(registry);
        oldSecret = Counter.builder("spillway.ingest.old.secret")
                .description("Notifications signed with another than the first secret of their app.")
                .register(registry);
        secretsChanged = secretsRead(registry, "changed");
        secretsUnreadable = secretsRead(registry, "unreadable");
        stored = Timer.builder("spillway.ingest.ack")
                .description("Time from a whole body to its answer, of notifications that were stored.")
                .serviceLevelObjectives(
                        Duration.ofMillis(1),
                        Duration.ofMillis(5),
                        Duration.ofMillis(25),
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(4))
                .register(registry);
        gauge(
                registry,
                "spillway.ingest.inflight.bytes",
                "Bytes of webhooks being read or waiting for the store.",
                bytes);
        gauge(registry, "spillway.ingest.inflight.events", "Events waiting for the store.", inFlight);
        gauge(registry, "spillway.ingest.connections", "Open connections to the public port.", connections);
        connectionsRefused = Counter.builder("spillway.ingest.connections.refused")
                .description("Connections closed at once, as there were too many.")
                .register(registry);
        for (var what : EnumSet.complementOf(EnumSet.of(Patience.Overdue.NOTHING))) {
            overdue.put(
                    what,
                    Counter.builder("spillway.ingest.overdue")
                            .description("Connections whose other side took too long, by what was awaited.")
                            .tag("awaited", what.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    private static Counter secretsRead(MeterRegistry registry, String outcome) {
        return Counter.builder("spillway.ingest.secrets.read")
                .description("Readings of an app's secret files that found them changed or unreadable.")
                .tag("outcome", outcome)
                .register(registry);
    }

    private static void gauge(MeterRegistry registry, String name, String description, Permits permits) {
        Gauge.builder(name, permits, Permits::used).description(description).register(registry);
        Gauge.builder(name + ".bound", permits, Permits::most)
                .description(description + " The bound.")
                .register(registry);
    }

    void answered(Answer answer) {
        requireNonNull(requests.get(answer)).increment();
    }

    void connectionRefused() {
        connectionsRefused.increment();
    }

    void overdue(Patience.Overdue what) {
        if (what != Patience.Overdue.NOTHING) {
            requireNonNull(overdue.get(what)).increment();
        }
    }

    void secretsRead(App.Reading read) {
        if (read.changed()) {
            secretsChanged.increment();
        }
        if (read.unreadable()) {
            secretsUnreadable.increment();
        }
    }

    void stored(List<Event> stored, long nanos) {
        stored.forEach(event -> requireNonNull(events.get(event.kind())).increment());
        this.stored.record(Duration.ofNanos(nanos));
    }

    void quarantined() {
        quarantined.increment();
    }

    void signedWith(int secret) {
        if (secret > 0) {
            oldSecret.increment();
        }
    }
}
