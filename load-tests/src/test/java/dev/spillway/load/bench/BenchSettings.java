// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * What the benchmark is told by system properties, each {@code bench.<name>}; an empty one counts as not given.
 *
 * @param root the checkout
 * @param contenders who takes part
 * @param durabilities one after the other, each with processes of its own
 * @param rounds per contender and scenario
 * @param seconds of one round
 * @param warmUpSeconds of load on each contender, before anything counts
 * @param pacedSeconds of one round at half of the rate; 0 leaves that part out
 * @param spikeSeconds how long the spike lasts; 0 leaves it out
 * @param partitions of Spillway
 * @param jvmFlags of Spillway and of the bare server
 * @param install whether a missing peer may be installed
 */
record BenchSettings(
        Path root,
        List<String> contenders,
        List<Durability> durabilities,
        List<Scenario> scenarios,
        int rounds,
        int seconds,
        int warmUpSeconds,
        int pacedSeconds,
        int spikeSeconds,
        int spikeRate,
        int partitions,
        List<String> jvmFlags,
        boolean install) {
    /** The smaller form of everything, to see that it works. */
    private static final String QUICK = "quick";

    /** The gateway's, where its build puts it. */
    Path jar() {
        return root.resolve("gateway/target/spillway.jar");
    }

    static BenchSettings of(Properties properties) {
        var given = new Given(properties);
        var quick = Boolean.parseBoolean(given.text(QUICK, "false"));
        return new BenchSettings(
                Path.of(given.text("root", ".")).toAbsolutePath().normalize(),
                given.list("contenders", "spillway,nginx,node,bare"),
                given.list("durability", quick ? "everysec" : "everysec,always").stream()
                        .map(Durability::of)
                        .toList(),
                given.list("scenarios", quick ? "1x512" : "1x512,1x100,5x100,50x100").stream()
                        .map(Scenario::of)
                        .toList(),
                given.number("rounds", quick ? 2 : 5, 1, 100),
                given.number("seconds", quick ? 3 : 5, 1, 60),
                given.number("warm-up-seconds", quick ? 3 : 20, 1, 120),
                given.number("paced-seconds", quick ? 3 : 10, 0, 60),
                given.number("spike-seconds", quick ? 5 : 30, 0, 60),
                given.number("spike-rate", 10_000, 100, 100_000),
                given.number("partitions", 64, 1, 1024),
                Stream.of(given.text("jvm-flags", "-Xmx512m").split(" "))
                        .filter(flag -> !flag.isBlank())
                        .toList(),
                Boolean.parseBoolean(given.text("install", "true")));
    }

    /** Where reports go. */
    Path reports() {
        return root.resolve("load-tests").resolve("target").resolve("benchmark");
    }

    /** The same with another number of partitions. */
    BenchSettings withPartitions(int other) {
        return new BenchSettings(
                root,
                contenders,
                durabilities,
                scenarios,
                rounds,
                seconds,
                warmUpSeconds,
                pacedSeconds,
                spikeSeconds,
                spikeRate,
                other,
                jvmFlags,
                install);
    }

    Duration round() {
        return Duration.ofSeconds(seconds);
    }

    private record Given(Properties properties) {
        String text(String name, String otherwise) {
            var value = properties.getProperty("bench." + name, "").strip();
            return value.isEmpty() ? otherwise : value;
        }

        List<String> list(String name, String otherwise) {
            return Stream.of(text(name, otherwise).split(","))
                    .map(String::strip)
                    .filter(item -> !item.isEmpty())
                    .toList();
        }

        int number(String name, int otherwise, int least, int most) {
            var text = text(name, Integer.toString(otherwise));
            if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
                throw new IllegalArgumentException(
                        "bench." + name + ": " + text + " (expected: " + least + ".." + most + ")");
            }
            return Integer.parseInt(text);
        }
    }
}
