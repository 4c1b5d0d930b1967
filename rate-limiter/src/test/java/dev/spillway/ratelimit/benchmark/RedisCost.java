// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.benchmark;

import io.lettuce.core.api.sync.RedisCommands;
import java.util.regex.Pattern;

/** What Redis did and burnt so far. */
record RedisCost(long commands, double cpuSeconds) {
    // Called by clients; what scripts call inside has other names in all contenders.
    private static final Pattern CALLS = Pattern.compile("cmdstat_(?:evalsha|eval|get|set|psetex):calls=(\\d+)");
    private static final Pattern CPU = Pattern.compile("used_cpu_(?:user|sys):([0-9.]+)");

    static RedisCost now(RedisCommands<String, String> redis) {
        var calls = CALLS.matcher(redis.info("commandstats"))
                .results()
                .mapToLong(match -> Long.parseLong(match.group(1)))
                .sum();
        var cpu = CPU.matcher(redis.info("cpu"))
                .results()
                .mapToDouble(match -> Double.parseDouble(match.group(1)))
                .sum();
        return new RedisCost(calls, cpu);
    }

    RedisCost since(RedisCost before) {
        return new RedisCost(commands - before.commands, cpuSeconds - before.cpuSeconds);
    }
}
