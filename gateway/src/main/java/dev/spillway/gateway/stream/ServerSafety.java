// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import dev.spillway.gateway.config.Settings.Durability;
import dev.spillway.gateway.config.Settings.Redis;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whether a server keeps what we promise. Pure: what it said goes in, what is wrong comes out.
 *
 * @param info the fields of INFO
 * @param settings what {@code CONFIG GET} told; empty where the command is not allowed
 */
record ServerSafety(Map<String, String> info, Map<String, String> settings) {
    /** What {@link #settings} should hold. */
    static final List<String> SETTINGS = List.of(
            "maxmemory-policy",
            "appendonly",
            "appendfsync",
            "no-appendfsync-on-rewrite",
            "maxmemory",
            "lazyfree-lazy-expire",
            "tcp-keepalive",
            "hash-max-listpack-entries",
            "min-replicas-to-write");

    private static final int LISTPACK_LEAST = 512;

    /** Why the server must not be used as asked, each a sentence that says what to change. */
    List<String> problems(Redis asked) {
        var problems = new ArrayList<String>();
        var durability = asked.durability();
        if (older(7, 0)) {
            problems.add("redis version: " + version() + " (expected: 7.0 or newer)");
        }
        var mode = info.getOrDefault("redis_mode", "");
        if (mode.equals("cluster") && asked.mode() != Redis.Mode.CLUSTER) {
            problems.add("spillway.redis.mode: standalone (expected: cluster, which this Redis is part of)");
        }
        if (mode.equals("standalone") && asked.mode() == Redis.Mode.CLUSTER) {
            problems.add("spillway.redis.mode: cluster (expected: standalone, which this Redis is)");
        }
        if (durability == Durability.FSYNC_REPLICATED && older(7, 2)) {
            problems.add("redis version: " + version()
                    + " (expected: 7.2 or newer, whose WAITAOF spillway.redis.durability: fsync-replicated needs)");
        }
        if (settings.isEmpty()) {
            return problems;
        }
        expect(problems, "maxmemory-policy", "noeviction", "a full Redis must refuse, not forget");
        if (durability != Durability.MEMORY) {
            expect(problems, "appendonly", "yes", "without it a restart loses every event");
            expect(problems, "no-appendfsync-on-rewrite", "no", "yes silently turns fsync off during rewrites");
            fsync(problems, durability);
        }
        return problems;
    }

    private void fsync(List<String> problems, Durability durability) {
        var expected =
                switch (durability) {
                    case MEMORY -> List.of("always", "everysec", "no");
                    case EVERYSEC, REPLICATED -> List.of("everysec", "always");
                    case FSYNC, FSYNC_REPLICATED -> List.of("always");
                };
        var found = settings.getOrDefault("appendfsync", "");
        if (!expected.contains(found)) {
            problems.add("redis appendfsync: " + found + " (expected: " + String.join(" or ", expected)
                    + "; or ask for less with spillway.redis.durability)");
        }
    }

    /** What works, but will hurt one day or cannot be seen, each a sentence that says what to change. */
    List<String> warnings(Redis asked) {
        var warnings = new ArrayList<String>();
        if (asked.durability() == Durability.MEMORY) {
            warnings.add("spillway.redis.durability: memory (for development: a crash of Redis loses every event)");
            return warnings;
        }
        replicas(warnings, asked);
        if (settings.isEmpty()) {
            warnings.add(
                    "redis settings: hidden (this server refuses CONFIG GET, so that its durability is declared, not"
                            + " verified: make sure of appendonly, appendfsync and maxmemory-policy noeviction)");
            return warnings;
        }
        if (number("maxmemory") == 0) {
            warnings.add("redis maxmemory: 0 (expected: a limit below the machine's memory; without one Spillway cannot"
                    + " refuse in time, and the system kills Redis)");
        }
        if (settings.getOrDefault("lazyfree-lazy-expire", "").equals("no")) {
            warnings.add("redis lazyfree-lazy-expire: no (expected: yes; expiring hashes hold up every command)");
        }
        if (number("tcp-keepalive") == 0) {
            warnings.add("redis tcp-keepalive: 0 (expected: 60; the connections of dead processes are never closed)");
        }
        if (number("hash-max-listpack-entries") < LISTPACK_LEAST) {
            warnings.add("redis hash-max-listpack-entries: " + settings.get("hash-max-listpack-entries")
                    + " (expected: " + LISTPACK_LEAST + "; the once-guard takes three times the memory)");
        }
        return warnings;
    }

    private void replicas(List<String> warnings, Redis asked) {
        var durability = asked.durability();
        if (durability != Durability.REPLICATED && durability != Durability.FSYNC_REPLICATED) {
            return;
        }
        var connected = info.getOrDefault("connected_slaves", "0");
        if (Integer.parseInt(connected) < asked.replicas()) {
            warnings.add("redis replicas connected: " + connected + " (expected: " + asked.replicas()
                    + "; until then every webhook gets 503)");
        }
        if (!settings.isEmpty() && number("min-replicas-to-write") == 0) {
            warnings.add("redis min-replicas-to-write: 0 (expected: 1; a primary that was cut off goes on taking writes"
                    + " which the failover then drops)");
        }
    }

    private long number(String setting) {
        try {
            return Long.parseLong(settings.getOrDefault(setting, "0"));
        } catch (NumberFormatException odd) {
            return 0;
        }
    }

    private void expect(List<String> problems, String setting, String expected, String why) {
        var found = settings.getOrDefault(setting, "");
        if (!found.equals(expected)) {
            problems.add("redis " + setting + ": " + found + " (expected: " + expected + "; " + why + ")");
        }
    }

    private String version() {
        return info.getOrDefault("redis_version", "");
    }

    private boolean older(int major, int minor) {
        var parts = (version() + ".0").split("\\.", -1);
        try {
            var theirs = Integer.parseInt(parts[0]);
            return theirs < major || (theirs == major && Integer.parseInt(parts[1]) < minor);
        } catch (NumberFormatException odd) {
            return true;
        }
    }
}
