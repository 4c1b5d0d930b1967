// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.util.Map;

/**
 * How a scope's rate falls and recovers: the second half of {@link ScopeLaw}.
 *
 * <p><b>Fall.</b> A throttled call multiplies the factor by 0.7, once per epoch: a hundred errors of one burst carry one epoch
 * and lower it once. <b>Recovery</b> is CUBIC (RFC 9438) in integers: back to the old factor after 10 s, past it slowly, then
 * faster; it steps once a second and only while at least half of the present rate is used, so an idle scope does not grow.
 *
 * <p>Fields: {@code f} factor, {@code ep} epoch, {@code fm} factor before the fall, {@code f0} after it, {@code fa} age of the
 * climb in ms, {@code fs} its last step, {@code fu} units granted since, {@code pc} epochs in a row without a success, {@code x} that
 * any of them may be there.
 */
final class Signals {
    private static final long CLIMB_STEP = Ticks.PER_SECOND;
    private static final long PLATEAU_MILLIS = 10_000;
    private static final long CLIMB_MILLIS_MAX = 60_000;
    private static final long PROBED = ScopeLaw.FACTOR_FULL / 10;
    private static final long CUBE = 1_000_000_000_000L;
    private static final long DOUBLINGS_MAX = 20;

    private Signals() {}

    /** Returns whether anything changed that other nodes must hear of. */
    static boolean apply(Map<String, Long> state, ScopeLaw.Clock clock, Report report) {
        return switch (report.kind()) {
            case THROTTLED -> throttled(state, clock, report);
            case PAUSED -> paused(state, clock, report.value());
            case GUARDED -> guarded(state, clock, report.value());
            case PROBE_SUCCEEDED -> probeSucceeded(state, clock, report.node());
            case PROBE_FAILED -> probeFailed(state, clock, report.node());
            case RESUMED -> resumed(state, clock);
        };
    }

    private static boolean throttled(Map<String, Long> state, ScopeLaw.Clock clock, Report report) {
        if (report.epochSeen() < epoch(state)) {
            return false; // an echo of a burst that has been answered
        }
        touch(state, clock);
        var before = state.getOrDefault("f", ScopeLaw.FACTOR_FULL);
        startClimb(state, clock, before, Math.max(ScopeLaw.FACTOR_MIN, Math.floorDiv(before * 7, 10)));
        state.put("ep", report.epochSeen() + 1);
        if (report.value() > 0) {
            long row = state.getOrDefault("pc", 0L);
            var base = Math.min(report.value(), ScopeLaw.THROTTLE_PAUSE_MAX);
            var pause = Math.min(base << Math.min(row, DOUBLINGS_MAX), ScopeLaw.THROTTLE_PAUSE_MAX);
            state.put("pc", row + 1);
            extendPause(state, clock.now() + pause);
        }
        return true;
    }

    private static boolean paused(Map<String, Long> state, ScopeLaw.Clock clock, long pause) {
        var until = clock.now() + pause;
        var present = clock.field(state, "pu");
        if (until <= present) {
            return false;
        }
        touch(state, clock);
        if (present <= clock.now()) {
            state.put("ep", epoch(state) + 1);
        }
        extendPause(state, until);
        return true;
    }

    private static boolean guarded(Map<String, Long> state, ScopeLaw.Clock clock, long guard) {
        if (!state.containsKey("g") && guard >= ScopeLaw.FACTOR_FULL) {
            return false;
        }
        var before = ScopeLaw.factorInForce(state, clock);
        touch(state, clock);
        state.put("g", Math.clamp(guard, ScopeLaw.FACTOR_MIN, ScopeLaw.FACTOR_FULL));
        state.put("gt", clock.now());
        return ScopeLaw.factorInForce(state, new ScopeLaw.Clock(clock.now(), 0)) != before;
    }

    private static boolean probeSucceeded(Map<String, Long> state, ScopeLaw.Clock clock, long node) {
        if (!probes(state, clock, node)) {
            return false;
        }
        touch(state, clock);
        var before = state.getOrDefault("f", ScopeLaw.FACTOR_FULL);
        var top = Math.max(before, state.getOrDefault("fm", before));
        startClimb(state, clock, Math.max(top, PROBED), PROBED);
        endPause(state);
        return true;
    }

    private static boolean probeFailed(Map<String, Long> state, ScopeLaw.Clock clock, long node) {
        if (!probes(state, clock, node)) {
            return false;
        }
        touch(state, clock);
        state.remove("pd");
        state.remove("po");
        return true;
    }

    private static boolean resumed(Map<String, Long> state, ScopeLaw.Clock clock) {
        if (!state.containsKey("pu")) {
            return false;
        }
        touch(state, clock);
        endPause(state);
        return true;
    }

    /** Whether the node holds the probe of a pause that is over. */
    private static boolean probes(Map<String, Long> state, ScopeLaw.Clock clock, long node) {
        return state.getOrDefault("po", 0L) == node && clock.field(state, "pu") <= clock.now();
    }

    private static void extendPause(Map<String, Long> state, long until) {
        state.merge("pu", until, Math::max);
        state.remove("pd");
        state.remove("po");
    }

    private static void endPause(Map<String, Long> state) {
        state.remove("pu");
        state.remove("pd");
        state.remove("po");
        state.remove("pc");
    }

    private static void startClimb(Map<String, Long> state, ScopeLaw.Clock clock, long top, long floor) {
        state.put("f", floor);
        state.put("fm", top);
        state.put("f0", floor);
        state.put("fa", 0L);
        state.put("fs", clock.now());
        state.put("fu", 0L);
    }

    /** With every grant: counts it, and takes a step once a second while the rate is in use. */
    static void climb(Map<String, Long> state, ScopeLaw.Clock clock, long n, long slowestInterval) {
        var factor = state.get("f");
        if (factor == null) {
            return;
        }
        var elapsed = clock.now() - state.getOrDefault("fs", 0L);
        long used = state.getOrDefault("fu", 0L) + n;
        if (elapsed < CLIMB_STEP) {
            state.put("fu", used);
            return;
        }
        state.put("fs", clock.now());
        state.put("fu", 0L);
        if (used < Math.ceilDiv(elapsed, 2 * slowestInterval)) {
            return;
        }
        var age = Math.min(state.getOrDefault("fa", 0L) + 1000, CLIMB_MILLIS_MAX);
        var next = cubic(age, state.getOrDefault("fm", ScopeLaw.FACTOR_FULL), state.getOrDefault("f0", factor));
        if (next >= ScopeLaw.FACTOR_FULL) {
            for (var field : new String[] {"f", "fm", "f0", "fa", "fs", "fu"}) {
                state.remove(field);
            }
            return;
        }
        state.put("f", Math.max(factor, next));
        state.put("fa", age);
    }

    /** The climb's factor at an age in ms: flat around the top, at most 40 s from there to full. */
    static long cubic(long ageMillis, long top, long floor) {
        var past = ageMillis - PLATEAU_MILLIS;
        if (past < 0) {
            return top - Math.floorDiv((top - floor) * -past * -past * -past, CUBE);
        }
        return top + Math.floorDiv(past * past * past * 50, CUBE);
    }

    /** The flag lets a scope that never heard a signal skip the fields of signals. */
    private static void touch(Map<String, Long> state, ScopeLaw.Clock clock) {
        clock.settle(state);
        state.put("x", 1L);
    }

    private static long epoch(Map<String, Long> state) {
        return state.getOrDefault("ep", 0L);
    }
}
