// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Processor time as Linux counts it, in milliseconds. */
final class ProcessTime {
    /** Of {@code /proc}, on every Linux that Java runs on. */
    private static final long MILLIS_PER_TICK = 10;

    // Fields of /proc/PID/stat, counted from the one after the name.
    private static final int USER = 11;
    private static final int SYSTEM = 12;
    private static final int CHILDREN_USER = 13;
    private static final int CHILDREN_SYSTEM = 14;
    // Fields of the first line of /proc/stat: everything but idle and waiting for a disk.
    private static final int[] BUSY = {1, 2, 3, 6, 7, 8};

    private ProcessTime() {}

    /** Of the process and all below it, as far as they live. */
    static long millis(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.descendants())
                .mapToLong(one -> read("/proc/" + one.pid() + "/stat", stat -> ticks(stat, USER, SYSTEM)))
                .sum();
    }

    /** Of this JVM and of those of its children that have ended. */
    static long ownMillis() {
        return read("/proc/self/stat", stat -> ticks(stat, USER, SYSTEM, CHILDREN_USER, CHILDREN_SYSTEM));
    }

    /** Of the whole machine; time that its host took away counts as busy. */
    static long machineMillis() {
        return read("/proc/stat", ProcessTime::busyTicks);
    }

    /** The sum of some fields of a line of {@code /proc/PID/stat}; the name in it may hold blanks and brackets. */
    static long ticks(String stat, int... fields) {
        var all = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return IntStream.of(fields)
                .mapToLong(field -> Long.parseLong(all[field]))
                .sum();
    }

    /** Ticks in which a processor was busy, out of the first line of {@code /proc/stat}. */
    static long busyTicks(String stat) {
        var all = stat.substring(0, stat.indexOf('\n')).split(" +", -1);
        return IntStream.of(BUSY).mapToLong(field -> Long.parseLong(all[field])).sum();
    }

    private interface Reading {
        long of(String stat);
    }

    private static long read(String file, Reading reading) {
        try {
            return reading.of(Files.readString(Path.of(file))) * MILLIS_PER_TICK;
        } catch (IOException ended) {
            return 0;
        }
    }
}
