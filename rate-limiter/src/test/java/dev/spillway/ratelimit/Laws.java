// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Shorthand for tests of the law. */
public final class Laws {
    /** An ordinary instant: 2026-11-22. */
    public static final long NOW = 1_460_000_000_000_000L;

    public static final Scope SCOPE = new Scope("p:1");

    private Laws() {}

    public static Tariff tariff(Limit... limits) {
        return Policy.of(1, Map.of("all", List.of(limits))).tariff("all");
    }

    public static LeaseRequest ask(Tariff tariff, long need, long want, Duration ahead) {
        return new LeaseRequest(SCOPE, tariff, 7, need, want, Ticks.of(ahead));
    }

    static long millis(long millis) {
        return millis * Ticks.PER_MILLI;
    }
}
