// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** Where and when it was measured. */
record Machine(String date, int cores, String processor, String memory, String system, String java, double loadBefore) {
    static Machine now() {
        return new Machine(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                Runtime.getRuntime().availableProcessors(),
                field("/proc/cpuinfo", "model name"),
                field("/proc/meminfo", "MemTotal"),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                "JDK " + System.getProperty("java.version"),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    List<String> lines() {
        return List.of(
                date,
                cores + " cores for everything, " + processor + ", " + memory,
                system + ", " + java,
                String.format(Locale.ROOT, "Load average before it started: %.1f", loadBefore));
    }

    private static String field(String file, String name) {
        try {
            return Files.readAllLines(Path.of(file)).stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("?");
        } catch (IOException unknown) {
            return "?";
        }
    }
}
