// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.util.Map;

/**
 * The law of a shared circuit breaker; {@code breaker.lua} is this class again, bit for bit.
 *
 * <p><b>Idea.</b> Nodes detect for themselves and vote; {@code min(2, ceil(active / 2))} votes within 10 s open the breaker for
 * all. When the open time has passed, one node at a time gets the probe, with a deadline, so a crash frees it. Two successes
 * in a row close it, a failure opens it again for twice as long, a minute at most.
 *
 * <p><b>Invariants.</b> One opening per generation. At most one probe is out. Every open state has an end. A result of an
 * older generation, or of a node that does not hold the probe, changes nothing.
 *
 * <p>An operator's word is time-limited both ways: open until an instant, then probes; or held closed until one, with no vote
 * heard.
 *
 * <p>Fields: {@code ts}, {@code gen}, {@code ou} open until, {@code row} openings in a row, {@code pd} probe deadline, {@code po}
 * its owner, {@code ok} probes that succeeded, {@code vn}, {@code vt} last voter and when, {@code hc} held closed until.
 */
final class BreakerLaw {
    static final long VOTES_WITHIN = 10 * Ticks.PER_SECOND;
    static final long OPEN_MIN = Ticks.PER_SECOND;
    static final long OPEN_MAX = 60 * Ticks.PER_SECOND;
    static final long SUCCESSES = 2;
    private static final long DOUBLINGS_MAX = 6;

    private BreakerLaw() {}

    static BreakerState call(Map<String, Long> state, long time, BreakerCall call) {
        follow(state, time);
        var now = Math.max(time, state.getOrDefault("ts", 0L));
        var changed =
                switch (call.kind()) {
                    case LOOK, PROBE -> false;
                    case VOTE -> vote(state, now, call);
                    case PROBE_SUCCEEDED -> succeeded(state, now, call);
                    case PROBE_FAILED -> failed(state, now, call);
                    case FORCE_OPEN -> forceOpen(state, now, call.ticks());
                    case FORCE_CLOSED -> forceClosed(state, now, call.ticks());
                    case PROBE_RETURNED -> returned(state, now, call);
                };
        var probe = call.kind() == BreakerCall.Kind.PROBE && probe(state, now, call);
        var openUntil = state.getOrDefault("ou", 0L);
        var wait = Math.max(openUntil, probe ? 0 : state.getOrDefault("pd", 0L)) - now;
        var held = openUntil > 0 ? 0 : Math.max(0, state.getOrDefault("hc", 0L) - now);
        return new BreakerState(
                changed,
                openUntil > 0,
                state.getOrDefault("gen", 0L),
                openUntil > 0 ? Math.max(0, wait) : 0,
                probe,
                held);
    }

    /** A clock that stepped far back takes the instants with it; a small step holds the time. */
    private static void follow(Map<String, Long> state, long time) {
        var back = state.getOrDefault("ts", 0L) - time;
        if (back > ScopeLaw.HOLD_MAX) {
            for (var field : new String[] {"ts", "ou", "pd", "vt", "hc"}) {
                state.computeIfPresent(field, (name, instant) -> instant - back);
            }
        }
    }

    private static boolean vote(Map<String, Long> state, long now, BreakerCall call) {
        if (state.containsKey("ou") || state.getOrDefault("hc", 0L) > now) {
            return false;
        }
        var needed = Math.min(2, (call.activeNodes() + 1) / 2);
        var seconded = state.getOrDefault("vn", call.node()) != call.node()
                && now - state.getOrDefault("vt", 0L) <= VOTES_WITHIN;
        if (needed < 2 || seconded) {
            open(state, now);
            return true;
        }
        state.put("ts", now);
        state.put("vn", call.node());
        state.put("vt", now);
        return false;
    }

    private static void open(Map<String, Long> state, long now) {
        long row = state.getOrDefault("row", 0L);
        state.put("ts", now);
        state.merge("gen", 1L, Long::sum);
        state.put("ou", now + Math.min(OPEN_MIN << Math.min(row, DOUBLINGS_MAX), OPEN_MAX));
        state.put("row", row + 1);
        forget(state, "vn", "vt", "pd", "po", "ok", "hc");
    }

    private static boolean probe(Map<String, Long> state, long now, BreakerCall call) {
        var openUntil = state.getOrDefault("ou", Long.MAX_VALUE);
        if (openUntil > now || state.getOrDefault("pd", 0L) > now) {
            return false;
        }
        state.put("ts", now);
        state.put("pd", now + call.ticks());
        state.put("po", call.node());
        return true;
    }

    private static boolean succeeded(Map<String, Long> state, long now, BreakerCall call) {
        if (!holdsProbe(state, call)) {
            return false;
        }
        state.put("ts", now);
        forget(state, "pd", "po");
        if (state.merge("ok", 1L, Long::sum) < SUCCESSES) {
            return false;
        }
        forget(state, "ou", "row", "ok");
        return true;
    }

    private static boolean failed(Map<String, Long> state, long now, BreakerCall call) {
        if (!holdsProbe(state, call)) {
            return false;
        }
        open(state, now);
        return true;
    }

    private static boolean holdsProbe(Map<String, Long> state, BreakerCall call) {
        return state.getOrDefault("gen", 0L) == call.generation() && state.getOrDefault("po", 0L) == call.node();
    }

    private static boolean forceOpen(Map<String, Long> state, long now, long ticks) {
        open(state, now);
        state.put("ou", now + ticks);
        return true;
    }

    private static boolean forceClosed(Map<String, Long> state, long now, long ticks) {
        if (!state.containsKey("ou") && !state.containsKey("hc") && ticks == 0) {
            return false;
        }
        state.put("ts", now);
        forget(state, "ou", "row", "ok", "pd", "po", "vn", "vt", "hc");
        if (ticks > 0) {
            state.put("hc", now + ticks);
        }
        return true;
    }

    private static boolean returned(Map<String, Long> state, long now, BreakerCall call) {
        if (!holdsProbe(state, call)) {
            return false;
        }
        state.put("ts", now);
        forget(state, "pd", "po");
        return true;
    }

    private static void forget(Map<String, Long> state, String... fields) {
        for (var field : fields) {
            state.remove(field);
        }
    }
}
