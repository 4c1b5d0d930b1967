// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import static java.util.Objects.requireNonNull;

import dev.spillway.gateway.stream.Committed;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What the worker measures. Built once; no tag value comes from outside. */
final class WorkerMetrics {
    private enum Ended {
        ACCEPTED,
        RELEASED,
        REJECTED,
        FAILED
    }

    private final Map<Ended, Timer> runs = new EnumMap<>(Ended.class);
    private final Counter finished;
    private final Counter duplicates;
    private final Counter retries;
    private final Counter dead;
    private final Counter dropped;
    private final Counter beyondGuard;
    private final Counter suspectGroups;
    private final Counter heldBack;
    private final Counter coalesced;
    private final Counter aside;
    private final AtomicInteger pagesAside = new AtomicInteger();

    WorkerMetrics(MeterRegistry registry) {
        for (var ended : Ended.values()) {
            runs.put(
                    ended,
                    Timer.builder("spillway.worker.run")
                            .description("Time of one run of a bot, by its verdict.")
                            .tag("verdict", ended.name().toLowerCase(Locale.ROOT))
                            .serviceLevelObjectives(
                                    Duration.ofMillis(1),
                                    Duration.ofMillis(10),
                                    Duration.ofMillis(100),
                                    Duration.ofSeconds(1),
                                    Duration.ofSeconds(10))
                            .register(registry));
        }
        finished = counter(registry, "finished.events", "Events committed for the first time.");
        duplicates = counter(registry, "duplicate.events", "Second copies of an event, dropped.");
        retries = counter(registry, "retries", "Runs that are repeated after a failure or a release.");
        dead = counter(registry, "dead.events", "Events that became dead letters.");
        dropped = counter(registry, "dropped.events", "Events in memory when a partition was lost or given up.");
        coalesced = counter(registry, "coalesced.events", "Messages given to a bot together with a later one.");
        heldBack = counter(registry, "heldback.replies", "Replies to events that are read again, not sent.");
        aside = counter(registry, "aside.events", "Events set aside, since their page filled a window.");
        Gauge.builder("spillway.worker.aside.pages", pagesAside, AtomicInteger::get)
                .description("Pages set aside, summed over the partitions and subscriptions held here.")
                .register(registry);
        beyondGuard = counter(
                registry,
                "beyondguard.events",
                "Events given to a bot that are older than the once-guard remembers: possible duplicates.");
        suspectGroups = counter(
                registry,
                "suspect.groups",
                "Groups of events run apart from all others, since holders of their partition died in a row.");
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder("spillway.worker." + name)
                .description(description)
                .register(registry);
    }

    void coalesced(int events) {
        coalesced.increment(events);
    }

    void ran(long nanos, @Nullable Verdict verdict) {
        var ended = verdict == null
                ? Ended.FAILED
                : switch (verdict) {
                    case Verdict.Accept ignored -> Ended.ACCEPTED;
                    case Verdict.Release ignored -> Ended.RELEASED;
                    case Verdict.Reject ignored -> Ended.REJECTED;
                };
        requireNonNull(runs.get(ended)).record(Duration.ofNanos(nanos));
    }

    void committed(Committed committed) {
        for (var first : committed.first()) {
            (first ? finished : duplicates).increment();
        }
    }

    void duplicate() {
        duplicates.increment();
    }

    void beyondGuard() {
        beyondGuard.increment();
    }

    void suspectGroup() {
        suspectGroups.increment();
    }

    void heldBack(int replies) {
        heldBack.increment(replies);
    }

    void aside(int events) {
        aside.increment(events);
    }

    void pagesAside(int more) {
        pagesAside.addAndGet(more);
    }

    void retried() {
        retries.increment();
    }

    void dead() {
        dead.increment();
    }

    void dropped(int events) {
        dropped.increment(events);
    }
}
