// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import dev.spillway.ratelimit.LeaseReply.Cause;
import dev.spillway.ratelimit.LeaseReply.Granted;
import dev.spillway.ratelimit.LeaseReply.Refused;
import dev.spillway.ratelimit.LeaseReply.Standing;
import dev.spillway.ratelimit.LeaseReply.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The law of a scope: one decision over all its limits, in integers only.
 *
 * <p><b>Idea.</b> A rate is a timeline: {@code TAT}, the theoretical arrival time of the next unit (GCRA, ITU-T I.371). Unit
 * {@code k} of a grant falls due {@code max(0, d + (k-1)*Te)} after {@code from}, the time now plus the lead that was asked for,
 * {@code d = max(TAT, from) - from - tolerance}, and the grant moves {@code TAT} to {@code max(TAT, from) + n*Te}. {@code Te} is the nominal interval {@code T}, stretched by the factor in force. A
 * quota is a sum over the last {@code K+1} buckets of width {@code W/K}, which cover every window of length {@code W}.
 *
 * <p><b>Invariants.</b> A refusal writes nothing. A grant debits every limit by the same n. As {@code Te >= T}, the first and
 * the last of any m units of a rate fall due at least {@code (m - burst) * T} apart, whatever nodes, leads, factors and clock
 * steps did (proof: {@code docs/rate-limiter-theorem.md}).
 *
 * <p><b>Time</b> is the keeper's: it never goes back here. A step back of up to 2 s holds it at the last write, a larger one
 * shifts every time field by the step.
 *
 * <p>The state is a map of integers, field by field what the Redis hash holds; {@code scope.lua} in the package
 * {@code redis} is this class again and must answer and store the same, bit for bit. A change here is a change there.
 *
 * <p>Threads: none of its own; one map belongs to one caller at a time.
 */
final class ScopeLaw {
    static final long WANT_MAX = 100_000;
    static final long AHEAD_MAX = 10 * Ticks.PER_SECOND;
    /** Nothing stretches an interval further: the factor's floor is 1/50. */
    static final int SLOWEST = 50;

    /** Where the time of a node without the store begins: far from 0, which stands for "never". */
    static final long LOCAL_TIME = 1L << 50;

    static final long FACTOR_MIN = 1000 / SLOWEST;
    static final long FACTOR_FULL = 1000;
    static final long HOLD_MAX = 2 * Ticks.PER_SECOND;
    static final long PROBE_DEADLINE = 10 * Ticks.PER_SECOND;
    static final long THROTTLE_PAUSE_MAX = 900 * Ticks.PER_SECOND;
    static final long MARK_WINDOW = 2 * Ticks.PER_SECOND;
    static final long MARKS_MAX = 64;
    static final long NODES_MAX = 4_096;
    static final long NODES_SQUARED = NODES_MAX * NODES_MAX;
    static final long GUARD_FADE = 3600 * Ticks.PER_SECOND;

    private ScopeLaw() {}

    /** Decides, and writes into the state only if it grants. */
    static LeaseReply acquire(Map<String, Long> state, long time, LeaseRequest request) {
        var clock = Clock.of(state, time);
        var gate = gate(state, clock);
        if (gate instanceof Gate.Shut shut) {
            return new Refused(shut.ticks(), shut.cause(), "", standing(state, clock));
        }
        var probing = gate instanceof Gate.Probe;
        var factor = factorInForce(state, clock);
        var older = state.getOrDefault("v", 0L) > request.tariff().version();
        List<RateLine> lines = new ArrayList<>();
        for (var rate : request.tariff().rates()) {
            lines.add(RateLine.of(state, clock, request.leadTicks(), rate, factor, older));
        }
        var counts = new ArrayList<QuotaCount>();
        for (var quota : request.tariff().quotas()) {
            counts.add(QuotaCount.of(state, clock, quota, older));
        }
        lines = aligned(lines, request.tariff().staggerTicks());
        var fit = fit(state, clock, request, lines, counts, probing);
        if (fit.n < request.need()) {
            return new Refused(Math.max(1, fit.waitTicks), Cause.LIMIT, fit.binding, standing(state, clock));
        }
        if (request.node() != LeaseRequest.NOBODY) {
            grant(state, clock, request, lines, counts, fit.n, probing);
        }
        var timelines = lines.stream()
                .map(line -> new Timeline(line.offset(), line.interval(), line.tat() + fit.n * line.interval()))
                .toList();
        var buckets = counts.stream().map(count -> count.bucket()).toList();
        return new Granted(fit.n, timelines, buckets, probing, standing(state, clock, factor));
    }

    /** Hands unused units back; returns how many timelines and quotas took some. */
    static long release(Map<String, Long> state, Refund refund) {
        var taken = 0;
        for (int i = 0; i < refund.timelines().size(); i++) {
            var field = "t:" + refund.tariff().rates().get(i).id();
            var timeline = refund.timelines().get(i);
            if (state.getOrDefault(field, 0L) == timeline.end()) {
                state.put(field, timeline.end() - refund.units() * timeline.interval());
                taken++;
            }
        }
        for (int i = 0; i < refund.buckets().size(); i++) {
            var quota = refund.tariff().quotas().get(i);
            long bucket = refund.buckets().get(i);
            long current = state.getOrDefault("c:" + quota.id(), 0L);
            var slot = QuotaCount.slot(quota, bucket);
            var back = Math.min(refund.units(), state.getOrDefault(slot, 0L));
            if (bucket <= current && bucket >= current - quota.buckets() && back > 0) {
                state.merge(slot, -back, Long::sum);
                state.merge("s:" + quota.id(), -back, Long::sum);
                taken++;
            }
        }
        return taken;
    }

    /** Takes a signal in. */
    static ScopeStatus report(Map<String, Long> state, long time, Report report) {
        var changed = Signals.apply(state, Clock.of(state, time), report);
        var now = Clock.of(state, time);
        var pause = Math.max(0, now.field(state, "pu") - now.now);
        return new ScopeStatus(changed, state.getOrDefault("ep", 0L), factorInForce(state, now), pause);
    }

    /** The keeper's time, made monotonic. */
    record Clock(long now, long shift) {
        static Clock of(Map<String, Long> state, long time) {
            var last = state.getOrDefault("ts", 0L);
            if (time >= last) {
                return new Clock(time, 0);
            }
            return last - time <= HOLD_MAX ? new Clock(last, 0) : new Clock(time, last - time);
        }

        /** A time field as of now; 0 if absent. */
        long field(Map<String, Long> state, String name) {
            var value = state.get(name);
            return value == null ? 0 : value - shift;
        }

        /** Before any other write: makes a large step back part of the state. */
        void settle(Map<String, Long> state) {
            if (shift > 0) {
                state.replaceAll((name, value) -> isTime(name) ? value - shift : value);
            }
            state.put("ts", now);
        }

        private static boolean isTime(String name) {
            return name.startsWith("t:")
                    || name.equals("pu")
                    || name.equals("pd")
                    || name.equals("gt")
                    || name.equals("fs");
        }
    }

    private sealed interface Gate {
        record Open() implements Gate {}

        record Probe() implements Gate {}

        record Shut(Cause cause, long ticks) implements Gate {}
    }

    private static Gate gate(Map<String, Long> state, Clock clock) {
        var pausedUntil = clock.field(state, "pu");
        if (pausedUntil == 0) {
            return new Gate.Open();
        }
        if (pausedUntil > clock.now) {
            return new Gate.Shut(Cause.PAUSED, pausedUntil - clock.now);
        }
        var probeUntil = clock.field(state, "pd");
        return probeUntil > clock.now ? new Gate.Shut(Cause.PROBING, probeUntil - clock.now) : new Gate.Probe();
    }

    /** The lower of what errors and what usage allow; usage fades linearly, never to full at once. */
    static long factorInForce(Map<String, Long> state, Clock clock) {
        var factor = state.getOrDefault("f", FACTOR_FULL);
        var guard = state.get("g");
        if (guard != null) {
            var age = Math.clamp(clock.now - clock.field(state, "gt"), 0, GUARD_FADE);
            factor = Math.min(factor, Math.min(FACTOR_FULL, guard + Math.floorDiv(age * FACTOR_FULL, GUARD_FADE)));
        }
        return Math.max(FACTOR_MIN, factor);
    }

    /** Moves each timeline up to those that cover it and are in debt: all its work waits there anyway. */
    private static List<RateLine> aligned(List<RateLine> lines, long stagger) {
        var aligned = new ArrayList<RateLine>(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            for (int j = 0; j < lines.size(); j++) {
                var other = lines.get(j);
                if (j != i && other.rate().over(i) != Tariff.Reach.NONE && other.offset() > stagger) {
                    line = line.following(other, stagger);
                }
            }
            aligned.add(line);
        }
        return aligned;
    }

    private record Fit(long n, long waitTicks, String binding) {}

    private static Fit fit(
            Map<String, Long> state,
            Clock clock,
            LeaseRequest request,
            List<RateLine> lines,
            List<QuotaCount> counts,
            boolean probing) {
        var need = request.need();
        var n = probing ? need : request.want();
        var wait = 0L;
        var binding = "";
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            n = Math.min(n, line.fits(request.aheadTicks()));
            var lineWait = line.waitFor(need, request.aheadTicks());
            for (int j = 0; j < lines.size(); j++) {
                if (j != i && line.rate().over(j) != Tariff.Reach.GOVERNS) {
                    var beside = line.fitsBeside(lines.get(j), request.tariff().staggerTicks());
                    if (beside < need) {
                        lineWait = Math.max(
                                lineWait, line.waitFor(need, request.tariff().staggerTicks()));
                    }
                    n = Math.min(n, beside);
                }
            }
            if (lineWait > wait) {
                wait = lineWait;
                binding = line.rate().id();
            }
        }
        for (var count : counts) {
            var room = count.permits() - count.sum();
            n = Math.min(n, room);
            if (room < need) {
                var countWait = count.waitFor(state, need, clock.now);
                if (countWait > wait) {
                    wait = countWait;
                    binding = count.quota().id();
                }
            }
        }
        return new Fit(n, wait, binding);
    }

    private static void grant(
            Map<String, Long> state,
            Clock clock,
            LeaseRequest request,
            List<RateLine> lines,
            List<QuotaCount> counts,
            long n,
            boolean probing) {
        clock.settle(state);
        if (request.tariff().version() >= state.getOrDefault("v", 0L)) {
            store(state, request.tariff());
        }
        for (var line : lines) {
            state.put("t:" + line.rate().id(), line.tat() + n * line.interval());
        }
        for (var count : counts) {
            for (var gone = count.stored() + 1;
                    gone
                            <= Math.min(
                                    count.bucket(),
                                    count.stored() + count.quota().buckets() + 1);
                    gone++) {
                state.remove(QuotaCount.slot(count.quota(), gone));
            }
            state.put("c:" + count.quota().id(), count.bucket());
            state.put("s:" + count.quota().id(), count.sum() + n);
            state.merge(QuotaCount.slot(count.quota(), count.bucket()), n, Long::sum);
        }
        if (probing) {
            state.put("pd", clock.now + PROBE_DEADLINE);
            state.put("po", request.node());
        }
        mark(state, clock, request.node());
        Signals.climb(
                state,
                clock,
                n,
                lines.stream().mapToLong(RateLine::interval).max().orElse(1));
    }

    /** Keeps the ruling version's figures for nodes that still run an older one. */
    private static void store(Map<String, Long> state, Tariff tariff) {
        state.put("v", tariff.version());
        if (state.getOrDefault("k:" + tariff.name(), 0L) == tariff.version()) {
            return;
        }
        state.put("k:" + tariff.name(), tariff.version());
        for (var rate : tariff.rates()) {
            state.put("i:" + rate.id(), rate.interval());
            state.put("u:" + rate.id(), rate.tolerance());
        }
        for (var quota : tariff.quotas()) {
            state.put("l:" + quota.id(), quota.permits());
        }
    }

    /** Counts the nodes of this window of 2 s and remembers how many the last one had: one number, window, last, present. */
    private static void mark(Map<String, Long> state, Clock clock, long node) {
        var window = Math.floorDiv(clock.now, MARK_WINDOW);
        long packed = state.getOrDefault("nw", 0L);
        var last = packed / NODES_SQUARED;
        var present = packed % NODES_MAX;
        var former = packed / NODES_MAX % NODES_MAX;
        if (window != last) {
            former = window == last + 1 ? present : 0;
            present = 0;
        }
        var seen = state.get("n:" + node);
        if (seen == null && state.merge("nn", 1L, Long::sum) > MARKS_MAX) {
            state.entrySet().removeIf(entry -> entry.getKey().startsWith("n:") && entry.getValue() < window - 1);
            state.put(
                    "nn",
                    1
                            + state.keySet().stream()
                                    .filter(key -> key.startsWith("n:"))
                                    .count());
        }
        if (seen == null || seen != window) {
            state.put("n:" + node, window);
            present = Math.min(present + 1, NODES_MAX - 1);
        }
        state.put("nw", window * NODES_SQUARED + former * NODES_MAX + present);
    }

    private static Standing standing(Map<String, Long> state, Clock clock) {
        return standing(state, clock, factorInForce(state, clock));
    }

    private static Standing standing(Map<String, Long> state, Clock clock, long factor) {
        long packed = state.getOrDefault("nw", 0L);
        var nodes = Math.max(1, Math.max(packed % NODES_MAX, packed / NODES_MAX % NODES_MAX));
        return new Standing(state.getOrDefault("ep", 0L), factor, clock.now, nodes);
    }
}
