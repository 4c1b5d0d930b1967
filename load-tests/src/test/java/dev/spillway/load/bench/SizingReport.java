// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The figures, and what they mean for {@code maxmemory}: pure. */
final class SizingReport {
    /** {@code spillway.ingest.streams-percent-max} as it is by default. */
    private static final double STREAMS_SHARE = 0.6;

    /** {@code spillway.ingest.memory-percent-max} as it is by default. */
    private static final double MEMORY_SHARE = 0.85;

    private static final List<Integer> RATES = List.of(10, 100, 1_000, 10_000);
    private static final List<Duration> OUTAGES =
            List.of(Duration.ofMinutes(5), Duration.ofMinutes(30), Duration.ofHours(4));
    private static final Duration GUARD_LIFE = Duration.ofHours(24);

    private SizingReport() {}

    /**
     * What one takes, in bytes.
     *
     * @param event of {@code used_memory}
     * @param countedEvent the same as {@code MEMORY USAGE} reckons, by which a partition is full
     * @param key of the once-guard
     */
    record Needs(double event, double countedEvent, double key) {
        /**
         * The {@code maxmemory} with which so long an outage of the bots is held at this rate: the events fit into the
         * streams' part, and with a day's keys they stay below where every webhook gets 503.
         */
        double maxmemory(int rate, Duration outage) {
            var events = (double) rate * outage.toSeconds();
            return Math.max(events * countedEvent / STREAMS_SHARE, (events * event + keys(rate)) / MEMORY_SHARE);
        }

        /** The once-guard's keys of messages at this rate, day and night. */
        double keys(int rate) {
            return rate * key * GUARD_LIFE.toSeconds();
        }
    }

    /** The figures, one a row. */
    static String figures(List<MemoryFigure> figures) {
        return "| What | Items | per entry or hash | bytes each (used_memory) | bytes each (MEMORY USAGE) | at most |"
                + " |\n"
                + "| --- | --- | --- | --- | --- | --- | --- |\n"
                + figures.stream().map(MemoryFigure::toString).collect(Collectors.joining("\n"));
    }

    /** Rates by lengths of an outage. */
    static String table(Needs needs) {
        var rows = new StringBuilder("| Events/s | once-guard, 24 h | ")
                .append(OUTAGES.stream()
                        .map(outage -> outage.toMinutes() + " min")
                        .collect(Collectors.joining(" | ")))
                .append(" |\n| --- | --- |")
                .append(" --- |".repeat(OUTAGES.size()))
                .append('\n');
        for (var rate : RATES) {
            rows.append(String.format(Locale.ROOT, "| %,d | %s |", rate, size(needs.keys(rate))));
            for (var outage : OUTAGES) {
                rows.append(' ').append(size(needs.maxmemory(rate, outage))).append(" |");
            }
            rows.append('\n');
        }
        return rows.toString();
    }

    /** In MB or GB, rounded up to two digits. */
    static String size(double bytes) {
        var megabytes = Math.max(1, bytes / 1e6);
        return megabytes < 1_000 ? up(megabytes) + " MB" : up(megabytes / 1_000) + " GB";
    }

    private static String up(double value) {
        var step = value < 10 ? 0.1 : Math.pow(10, Math.floor(Math.log10(value)) - 1);
        var rounded = Math.ceil(value / step - 1e-9) * step;
        return rounded < 10
                ? String.format(Locale.ROOT, "%.1f", rounded)
                : String.format(Locale.ROOT, "%,.0f", rounded);
    }
}
