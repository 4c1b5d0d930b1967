// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.util.Set;
import java.util.function.Predicate;

/**
 * What Redis has done, in microseconds.
 *
 * @param commands inside commands, as {@code commandstats} counts
 * @param process of the whole process: with reading, writing and the append-only file
 */
record RedisLoad(long commands, long process) {
    /** Ours, not the contenders'. */
    private static final Set<String> NOT_COUNTED = Set.of("info", "config", "command", "ping", "del", "xrange");

    /** Reads the answers of {@code INFO commandstats} and {@code INFO cpu}. */
    static RedisLoad of(String commandstats, String cpu) {
        var commands = micros(commandstats, command -> !NOT_COUNTED.contains(command));
        var process = cpu.lines()
                .filter(line -> line.startsWith("used_cpu_user:") || line.startsWith("used_cpu_sys:"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(':') + 1)))
                .sum();
        return new RedisLoad(commands, Math.round(process * 1_000_000));
    }

    /** Microseconds inside these commands, by the answer of {@code INFO commandstats}. */
    static long micros(String commandstats, Predicate<String> commands) {
        return commandstats
                .lines()
                .filter(line -> line.startsWith("cmdstat_") && commands.test(commandOf(line)))
                .mapToLong(line -> Long.parseLong(between(line, "usec=", ",")))
                .sum();
    }

    RedisLoad since(RedisLoad before) {
        return new RedisLoad(commands - before.commands, process - before.process);
    }

    // "cmdstat_config|resetstat:calls=..." is config.
    private static String commandOf(String line) {
        var name = between(line, "cmdstat_", ":");
        return name.contains("|") ? name.substring(0, name.indexOf('|')) : name;
    }

    private static String between(String line, String before, String after) {
        var from = line.indexOf(before) + before.length();
        return line.substring(from, line.indexOf(after, from));
    }
}
