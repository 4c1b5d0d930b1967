// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How far every subscription is, over all partitions; a subscription that is removed takes its meters along.
 *
 * <p>The values are those of the whole installation, and told by processes that hold the first partition of any
 * subscription; the others tell zero, so the greatest is right. Threads: owned by one context; read by any.
 */
public final class SubscriptionMetrics {
    private static final double NEVER = Double.POSITIVE_INFINITY;

    /** What the gauges of a subscription tell. */
    private static final class Told {
        private volatile double waiting;
        private volatile double oldestSeconds;
        private volatile double secondsToFull = NEVER;
    }

    private record Meters(Told told, Counter skipped, List<Meter> all) {}

    private final MeterRegistry registry;
    private final Map<String, Meters> known = new HashMap<>();
    private Filling[] fillings = new Filling[0];
    private long lookedNanos;

    /** Nothing is told before {@link #known}. */
    public SubscriptionMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** There is a subscription of this name. */
    public void known(String name) {
        known.computeIfAbsent(name, this::meters);
    }

    void skipped(String name, long events) {
        known(name);
        known.computeIfPresent(name, (ignored, meters) -> {
            meters.skipped().increment((double) events);
            return meters;
        });
    }

    /** Another tells now. */
    void silent() {
        fillings = new Filling[0];
        known.values().forEach(meters -> tell(meters.told(), 0, 0, NEVER));
    }

    /** All that the register has are these. */
    void only(Set<String> names) {
        var gone = known.keySet().stream().filter(name -> !names.contains(name)).collect(Collectors.toSet());
        for (var name : gone) {
            var meters = known.remove(name);
            if (meters != null) {
                meters.all().forEach(registry::remove);
            }
        }
        names.forEach(this::known);
    }

    /** What a look at all partitions found. */
    void looked(
            List<RegisterRow> rows,
            List<SubscriptionStatus.InPartition> partitions,
            double[] caps,
            Instant now,
            long nowNanos) {
        if (fillings.length != partitions.size()) {
            fillings = new Filling[partitions.size()];
            Arrays.fill(fillings, Filling.UNKNOWN);
        }
        var seconds = (nowNanos - lookedNanos) / 1e9;
        lookedNanos = nowNanos;
        for (var i = 0; i < fillings.length; i++) {
            fillings[i] = fillings[i].then((double) partitions.get(i).bytes(), seconds);
        }
        var all = SubscriptionStatus.of(rows, partitions);
        for (var i = 0; i < all.size(); i++) {
            var status = all.get(i);
            var meters = known.get(status.row().subscription().name());
            if (meters != null) {
                tell(
                        meters.told(),
                        (double) status.waiting(),
                        seconds(status.oldest(), now),
                        secondsToFull(i, partitions, caps));
            }
        }
    }

    // Of partitions where nobody is further behind.
    private double secondsToFull(int row, List<SubscriptionStatus.InPartition> partitions, double[] caps) {
        var least = NEVER;
        for (var i = 0; i < partitions.size(); i++) {
            var groups = partitions.get(i).groups();
            var mine = groups.get(row).waiting();
            var most = groups.stream()
                    .mapToLong(SubscriptionStatus.OfGroup::waiting)
                    .max()
                    .orElse(0);
            if (mine > 0 && mine == most) {
                least = Math.min(least, fillings[i].untilFull(caps[i]));
            }
        }
        return least;
    }

    private static double seconds(@Nullable Instant oldest, Instant now) {
        return oldest == null ? 0 : Math.max(0, Duration.between(oldest, now).toMillis() / 1000.0);
    }

    private static void tell(Told told, double waiting, double oldestSeconds, double secondsToFull) {
        told.waiting = waiting;
        told.oldestSeconds = oldestSeconds;
        told.secondsToFull = secondsToFull;
    }

    private Meters meters(String name) {
        var told = new Told();
        var waiting = Gauge.builder("spillway.stream.waiting", told, all -> all.waiting)
                .description("Events that a subscription has not finished, over all partitions; take the greatest.")
                .baseUnit("events")
                .tag("subscription", name)
                .register(registry);
        var oldest = Gauge.builder("spillway.stream.oldest", told, all -> all.oldestSeconds)
                .description("Age of the oldest event that a subscription has not finished; take the greatest.")
                .baseUnit("seconds")
                .tag("subscription", name)
                .register(registry);
        var untilFull = Gauge.builder("spillway.stream.untilfull", told, all -> all.secondsToFull)
                .description("When a partition that a subscription holds up will be full, at its pace of the last half"
                        + " minute; infinite if it does not grow; take the least.")
                .baseUnit("seconds")
                .tag("subscription", name)
                .register(registry);
        var skipped = Counter.builder("spillway.stream.skipped.events")
                .description("Events that a subscription was made to skip by this process.")
                .tag("subscription", name)
                .register(registry);
        return new Meters(told, skipped, List.of(waiting, oldest, untilFull, skipped));
    }
}
