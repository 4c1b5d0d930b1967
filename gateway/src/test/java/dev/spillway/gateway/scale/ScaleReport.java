// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.scale;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a run has shown, and what was asked of it.
 *
 * @param events acknowledged
 * @param copies second copies that the streams held and the once-guard dropped
 * @param refusedScripts of zombies: {@code FENCED}
 * @param fencedThemselves partitions that a process dropped by its own clock, or when it heard of another owner
 * @param cleanHandovers partitions given back while nothing else went wrong: the time until the next had them
 */
record ScaleReport(
        ScalePlan plan,
        double eventsPerSecond,
        long events,
        long copies,
        double eventsPerEntry,
        int kills,
        int stops,
        ReplyBook.Sum replies,
        long done,
        long dead,
        long refusedScripts,
        long fencedThemselves,
        List<Duration> takeovers,
        List<Duration> cleanHandovers) {
    private static final Duration TAKEOVER_MAX = Duration.ofMillis(7_500);
    private static final Duration HANDOVER_MAX = Duration.ofSeconds(1);
    private static final double EVENTS_PER_ENTRY_LEAST = 8;

    private record Row(String what, String wanted, String found, boolean hit) {}

    /** Nothing lost, nothing twice, nothing overtaken, and every zombie harmless: what no machine is too slow for. */
    boolean keepsPromises() {
        return promises().stream().allMatch(Row::hit);
    }

    boolean hitsAll() {
        return keepsPromises() && figures().stream().allMatch(Row::hit);
    }

    private List<Row> promises() {
        return List.of(
                row("lost", replies.lost(), 0),
                row("replies repeated (double commits)", replies.repeated(), 0),
                row("overtaken in their conversation", replies.overtaken(), 0),
                row("dead letters", dead, 0),
                row("events counted done by the commit", done, events),
                row("replies", replies.replies(), events));
    }

    private List<Row> figures() {
        var p99 = quantile(takeovers, 0.99);
        var handover = quantile(cleanHandovers, 1);
        return List.of(
                new Row(
                        "events/s",
                        ">= " + plan.eventsPerSecond(),
                        text(eventsPerSecond),
                        // The last notification of a run is cut off.
                        eventsPerSecond >= plan.eventsPerSecond() * 0.99),
                new Row("kill -9", ">= " + plan.kills(), "" + kills, kills >= plan.kills()),
                new Row("SIGSTOP", ">= " + plan.stops(), "" + stops, stops >= plan.stops()),
                new Row(
                        "events per entry",
                        ">= " + text(EVENTS_PER_ENTRY_LEAST),
                        text(eventsPerEntry),
                        eventsPerEntry >= EVENTS_PER_ENTRY_LEAST),
                new Row(
                        "takeover p99 (of " + takeovers.size() + " partitions; p50 " + millis(quantile(takeovers, 0.5))
                                + ", max " + millis(quantile(takeovers, 1)) + ")",
                        "<= " + millis(TAKEOVER_MAX),
                        millis(p99),
                        !takeovers.isEmpty() && p99.compareTo(TAKEOVER_MAX) <= 0),
                new Row(
                        "clean handover, longest (of " + cleanHandovers.size() + " partitions; p50 "
                                + millis(quantile(cleanHandovers, 0.5)) + ")",
                        "<= " + millis(HANDOVER_MAX),
                        millis(handover),
                        !cleanHandovers.isEmpty() && handover.compareTo(HANDOVER_MAX) <= 0),
                new Row(
                        "partitions dropped by zombies themselves",
                        "> 0",
                        "" + fencedThemselves,
                        fencedThemselves > 0));
    }

    String describe() {
        var rows = new ArrayList<>(promises());
        rows.addAll(figures());
        var text = new StringBuilder(
                "seed %d: %d workers at most, %d events acknowledged, %d copies dropped, %d calls fenced%n"
                        .formatted(
                                plan.seed(),
                                plan.phases().stream()
                                        .mapToInt(ScalePlan.Phase::workers)
                                        .max()
                                        .orElse(0),
                                events,
                                copies,
                                refusedScripts));
        text.append("| what | wanted | found | |%n| --- | --- | --- | --- |%n".formatted());
        for (var row : rows) {
            text.append("| %s | %s | %s | %s |%n"
                    .formatted(row.what(), row.wanted(), row.found(), row.hit() ? "hit" : "MISS"));
        }
        return text.toString();
    }

    private static Row row(String what, long found, long wanted) {
        return new Row(what, "" + wanted, "" + found, found == wanted);
    }

    /** The least that so great a part does not exceed; zero of nothing. */
    static Duration quantile(List<Duration> all, double part) {
        var sorted = all.stream().sorted().toList();
        return sorted.isEmpty() ? Duration.ZERO : sorted.get(Math.max(0, (int) Math.ceil(part * sorted.size()) - 1));
    }

    private static String millis(Duration time) {
        return time.toMillis() + " ms";
    }

    private static String text(double figure) {
        return String.format(Locale.ROOT, "%.1f", figure);
    }
}
