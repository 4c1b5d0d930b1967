// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.util.HashMap;
import java.util.Map;

/**
 * What wrk saw in one round; times in microseconds.
 *
 * @param requests that were answered, whatever the answer
 * @param refused answers other than 2xx and 3xx
 * @param broken connections that failed, and requests that outlasted wrk's two seconds
 */
record WrkResult(long requests, long micros, long refused, long broken, long p50, long p99, long p999) {
    private static final String LINE = "RESULT ";

    /** Reads the line that {@code wrk.lua} prints, out of all that wrk printed. */
    static WrkResult of(String output) {
        var line = output.lines()
                .filter(one -> one.startsWith(LINE))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("wrk printed no result:\n" + output));
        Map<String, Long> values = new HashMap<>();
        for (var pair : line.substring(LINE.length()).strip().split(" ", -1)) {
            var equals = pair.indexOf('=');
            values.put(pair.substring(0, equals), Long.parseLong(pair.substring(equals + 1)));
        }
        return new WrkResult(
                value(values, "requests"),
                value(values, "micros"),
                value(values, "refused"),
                value(values, "connect") + value(values, "read") + value(values, "write") + value(values, "timeout"),
                value(values, "p50"),
                value(values, "p99"),
                value(values, "p999"));
    }

    /** Requests answered with 200. */
    long acked() {
        return requests - refused;
    }

    private static long value(Map<String, Long> values, String name) {
        var value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("wrk's result has no " + name);
        }
        return value;
    }
}
