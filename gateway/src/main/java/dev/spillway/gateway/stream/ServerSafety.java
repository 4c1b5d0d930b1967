// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import dev.spillway.gateway.config.Settings.Durability;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whether a server keeps what we promise. Pure: what it said goes in, what is wrong comes out.
 *
 * @param version of the server
 * @param settings what {@code CONFIG GET} told; empty where the command is not allowed
 */
record ServerSafety(String version, Map<String, String> settings) {
    private static final int OLDEST_MAJOR = 7;

    /** Why the server must not be used for this durability, each a sentence that says what to change. */
    List<String> problems(Durability durability) {
        var problems = new ArrayList<String>();
        if (major() < OLDEST_MAJOR) {
            problems.add("redis version: " + version + " (expected: 7.0 or newer)");
        }
        if (settings.isEmpty()) {
            return problems;
        }
        expect(problems, "maxmemory-policy", "noeviction", "a full Redis must refuse, not forget");
        if (durability != Durability.MEMORY) {
            expect(problems, "appendonly", "yes", "without it a restart loses every event");
            expect(problems, "no-appendfsync-on-rewrite", "no", "yes silently turns fsync off during rewrites");
            var fsync = settings.getOrDefault("appendfsync", "");
            if (fsync.equals("no")
                    || (!fsync.equals("always")
                            && durability != Durability.EVERYSEC
                            && durability != Durability.REPLICATED)) {
                problems.add("redis appendfsync: " + fsync + " (expected: "
                        + (durability == Durability.EVERYSEC ? "everysec or always" : "always")
                        + "; or ask for less with spillway.redis.durability)");
            }
        }
        return problems;
    }

    /** Whether the server let us look. */
    boolean verified() {
        return !settings.isEmpty();
    }

    private void expect(List<String> problems, String setting, String expected, String why) {
        var found = settings.getOrDefault(setting, "");
        if (!found.equals(expected)) {
            problems.add("redis " + setting + ": " + found + " (expected: " + expected + "; " + why + ")");
        }
    }

    private int major() {
        var dot = version.indexOf('.');
        try {
            return Integer.parseInt(dot < 0 ? version : version.substring(0, dot));
        } catch (NumberFormatException odd) {
            return 0;
        }
    }
}
