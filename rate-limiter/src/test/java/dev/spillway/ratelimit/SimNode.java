// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** A node under load: keeps so many acquires waiting, uses each valid permit at once, and notes when it arrived. */
final class SimNode {
    private final SimTime time;
    private final Random random;
    final SimLane lane;
    final NodeRateLimiter limiter;
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final List<Use> uses;
    long used;
    long refused;
    /** Permits that were void when their work was done. */
    long late;
    /** The lead of every request, and the longest its work takes. */
    Duration lead = Duration.ZERO;

    Consumer<Permit> onPermit = permit -> permit.complete(new SendOutcome.Delivered());
    private boolean running = true;
    private long conversation;

    SimNode(
            SimTime time,
            Random random,
            LeaseStore store,
            Function<Scope, Policy> policies,
            NodeSettings settings,
            List<Use> uses) {
        this(
                time,
                random,
                new SimLane(time, random.nextInt(401) - 200, random.nextLong(1L << 50) - (1L << 49)),
                store,
                policies,
                settings,
                uses);
    }

    SimNode(
            SimTime time,
            Random random,
            SimLane lane,
            LeaseStore store,
            Function<Scope, Policy> policies,
            NodeSettings settings,
            List<Use> uses) {
        this.time = time;
        this.random = random;
        this.uses = uses;
        this.lane = lane;
        this.limiter =
                new NodeRateLimiter(store, policies, settings, registry, List.of(lane), random::nextDouble).begin();
    }

    /** An arrival at the limited party, in ticks. */
    record Use(String contentClass, long instant) {}

    /** The most uses of these classes in any window of this many ticks. */
    static long worst(List<Use> uses, long window, String... classes) {
        var counted = Set.of(classes);
        return Windows.worst(
                uses.stream()
                        .filter(use -> counted.isEmpty() || counted.contains(use.contentClass()))
                        .map(Use::instant)
                        .toList(),
                window);
    }

    /** So many callers, each asking again as soon as it is answered. */
    void backlog(int callers, String contentClass, Duration maxWait) {
        for (int i = 0; i < callers; i++) {
            time.in(random.nextLong(1_000_000), () -> ask(contentClass, maxWait, true, 0));
        }
    }

    /** Callers at random instants, so many a second on average. */
    void arrivals(double perSecond, String contentClass, Duration maxWait) {
        var gap = (long) (-Math.log(1 - random.nextDouble()) * 1e9 / perSecond);
        time.in(gap, () -> {
            if (running && lane.alive()) {
                ask(contentClass, maxWait, false, 0);
                arrivals(perSecond, contentClass, maxWait);
            }
        });
    }

    void stop() {
        running = false;
    }

    private void ask(String contentClass, Duration maxWait, boolean again, long pause) {
        if (!running || !lane.alive()) {
            return;
        }
        if (pause > 0) {
            time.in(pause, () -> ask(contentClass, maxWait, again, 0));
            return;
        }
        var request = AcquireRequest.of(Laws.SCOPE, contentClass, "c" + conversation++ % 50, maxWait)
                .withLead(lead);
        limiter.acquire(request).whenComplete((permit, failure) -> {
            if (permit != null) {
                work(contentClass, permit);
            } else {
                refused++;
            }
            if (again) {
                ask(contentClass, maxWait, true, permit == null ? 5_000_000 : random.nextLong(2_000_000));
            }
        });
    }

    /** What comes before the use takes up to the lead; then it waits for the permit's instant. */
    private void work(String contentClass, Permit permit) {
        if (lead.isZero()) {
            use(contentClass, permit);
            return;
        }
        time.in(random.nextLong(lead.toNanos()), () -> useWhenDue(contentClass, permit));
    }

    private void useWhenDue(String contentClass, Permit permit) {
        var due = permit.dueIn().toNanos();
        if (due > 0) {
            if (permit.isValid()) {
                throw new AssertionError("valid before its instant");
            }
            time.in(due, () -> useWhenDue(contentClass, permit));
        } else {
            use(contentClass, permit);
        }
    }

    /** Bytes leave at once if the permit is still good, and arrive within the network's third of the lateness. */
    private void use(String contentClass, Permit permit) {
        if (!lane.alive() || lane.stalled() || !permit.isValid()) {
            late++;
            permit.release();
            return;
        }
        used++;
        var third = Limit.DEFAULT_LATENESS.toNanos() / 3;
        uses.add(new Use(contentClass, Ticks.ofNanos(time.nanos() + random.nextLong(third))));
        onPermit.accept(permit);
    }
}
