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

    public static LeaseReply acquire(Map<String, Long> state, long time, LeaseRequest request) {
        return ScopeLaw.acquire(state, time, request);
    }

    public static ScopeStatus report(Map<String, Long> state, long time, Report report) {
        return ScopeLaw.report(state, time, report);
    }

    public static long release(Map<String, Long> state, Refund refund) {
        return ScopeLaw.release(state, refund);
    }

    public static BreakerState breaker(Map<String, Long> state, long time, BreakerCall call) {
        return BreakerLaw.call(state, time, call);
    }

    public static Tariff tariff(Policy policy, String contentClass) {
        return policy.tariff(contentClass);
    }

    public static long millis(long millis) {
        return millis * Ticks.PER_MILLI;
    }
}
