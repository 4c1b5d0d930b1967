// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ops;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The table of docs/metrics.md, to be held against a live scrape. Part of the kit: a stage adds its rows, and its test
 * asks {@link #unlisted} of all and {@link #missing} of its own.
 */
public final class MeterTable {
    private static final Pattern ROW =
            Pattern.compile("\\| `(?<name>spillway_[a-z0-9_]+)` \\| (?<type>[a-z]+) \\| (?<tags>[^|]*) \\| [^|]+ \\|");
    private static final Pattern TYPE = Pattern.compile("# TYPE (?<name>spillway_[a-z0-9_]+) (?<type>[a-z]+)");
    private static final Pattern SAMPLE = Pattern.compile("(?<name>spillway_[a-z0-9_]+)(\\{(?<tags>.*)})? \\S+");
    private static final Pattern TAG = Pattern.compile("([a-z0-9_]+)=\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern PART = Pattern.compile("_(bucket|count|sum)$");
    private static final Set<String> BY_TYPE = Set.of("le", "quantile");

    private final Map<String, Meter> rows = new TreeMap<>();

    private MeterTable() {}

    /** A meter as the table and a scrape both have it. */
    public record Meter(String name, String type, Set<String> tags) {
        public Meter {
            tags = Set.copyOf(tags);
        }

        @Override
        public String toString() {
            return name + " (" + type + ") " + new TreeSet<>(tags);
        }
    }

    /** The table of this source tree. */
    public static MeterTable ofDocs() {
        try {
            return of(Files.readString(Path.of("..", "docs", "metrics.md")));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static MeterTable of(String markdown) {
        var table = new MeterTable();
        markdown.lines().filter(line -> line.startsWith("| `spillway_")).forEach(line -> {
            var row = ROW.matcher(line);
            if (!row.matches()) {
                throw new IllegalArgumentException("not a row of name, type, tags and meaning: " + line);
            }
            var tags = Stream.of(row.group("tags").split(","))
                    .map(tag -> tag.replace("`", "").strip())
                    .filter(tag -> !tag.isEmpty() && !tag.equals("–"))
                    .collect(Collectors.toSet());
            table.rows.put(row.group("name"), new Meter(row.group("name"), row.group("type"), tags));
        });
        return table;
    }

    /** What the scrape has and the table has not, or not with this type and these tags. */
    public Set<String> unlisted(String scrape) {
        return scraped(scrape).values().stream()
                .filter(meter -> !meter.equals(rows.get(meter.name())))
                .map(Meter::toString)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Rows whose name starts so, and which the scrape has not. */
    public Set<String> missing(String scrape, String prefix) {
        var scraped = scraped(scrape);
        return rows.keySet().stream()
                .filter(name -> name.startsWith(prefix) && !scraped.containsKey(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<String, Meter> scraped(String scrape) {
        var meters = new TreeMap<String, Meter>();
        var maxima = new TreeSet<String>();
        scrape.lines().forEach(line -> {
            var type = TYPE.matcher(line);
            if (type.matches()) {
                meters.put(type.group("name"), new Meter(type.group("name"), type.group("type"), Set.of()));
                maxima.add(type.group("name") + "_max");
            }
            var sample = SAMPLE.matcher(line);
            if (sample.matches()) {
                var name = family(sample.group("name"), meters);
                var meter = meters.getOrDefault(name, new Meter(name, "untyped", Set.of()));
                var tags = new TreeSet<>(meter.tags());
                tags.addAll(tags(sample.group("tags")));
                meters.put(name, new Meter(name, meter.type(), tags));
            }
        });
        // A timer and a summary bring a gauge of their maximum along: part of them, not a meter of its own.
        meters.keySet().removeIf(maxima::contains);
        return meters;
    }

    private static String family(String sample, Map<String, Meter> meters) {
        return meters.containsKey(sample) ? sample : PART.matcher(sample).replaceFirst("");
    }

    private static Set<String> tags(String text) {
        return text == null
                ? Set.of()
                : TAG.matcher(text)
                        .results()
                        .map(tag -> tag.group(1))
                        .filter(tag -> !BY_TYPE.contains(tag))
                        .collect(Collectors.toSet());
    }
}
