// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Processor time of a process and its children, as Linux counts it. */
final class ProcessTime {
    /** Of {@code /proc}, on every Linux that Java runs on. */
    private static final long MILLIS_PER_TICK = 10;

    private static final int USER = 11;
    private static final int SYSTEM = 12;

    private ProcessTime() {}

    /** Milliseconds until now, of the process and all below it. */
    static long millis(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.descendants())
                .mapToLong(one -> ticks(one.pid()) * MILLIS_PER_TICK)
                .sum();
    }

    private static long ticks(long pid) {
        try {
            return ticks(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
        } catch (IOException ended) {
            return 0;
        }
    }

    /** User and system time of a line of {@code /proc/PID/stat}; the name in it may hold blanks and brackets. */
    static long ticks(String stat) {
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM]);
    }
}
