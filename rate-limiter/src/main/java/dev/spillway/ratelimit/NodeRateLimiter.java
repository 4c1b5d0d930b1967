// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import dev.spillway.ratelimit.LeaseStore.Pulse;
import dev.spillway.ratelimit.LeaseStore.Signal;
import dev.spillway.ratelimit.RateLimiterSnapshot.StoreState;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node of a distributed limiter, over a {@link LeaseStore} that all nodes share.
 *
 * <p>Make one per process with {@link #start}. It runs one thread, asks the store in batches, and pulses it four to eight
 * times a second. While the store is away it goes on with a safe share of each limit.
 */
public final class NodeRateLimiter implements RateLimiter {
    private static final Logger LOG = LoggerFactory.getLogger(NodeRateLimiter.class);
    private static final long SWEEP_NANOS = Duration.ofSeconds(10).toNanos();

    private final Node node;
    private final List<Lane> lanes;
    private final Function<Scope, Policy> policies;
    private final Map<Scope, ScopeDesks> scopes = new ConcurrentHashMap<>();
    private final Map<Policy, Map<String, Tariff>> tariffs = new ConcurrentHashMap<>();
    private final AtomicLong signalsHeard = new AtomicLong();
    private final LimiterMeters meters;
    private volatile boolean closed;

    // The first lane's own.
    private @Nullable Pulse lastPulse;
    private long heardAtLastPulse;
    private StoreState lastState = StoreState.CONNECTED;

    NodeRateLimiter(
            LeaseStore store,
            Function<Scope, Policy> policies,
            NodeSettings settings,
            MeterRegistry registry,
            List<Lane> lanes,
            DoubleSupplier random) {
        var id = 1 + (long) (random.getAsDouble() * ((1L << 48) - 2));
        var waiting = new AtomicInteger();
        var health =
                new StoreHealth(settings.heartbeat().toNanos(), lanes.getFirst().nanos());
        this.lanes = List.copyOf(lanes);
        this.policies = policies;
        this.meters = new LimiterMeters(
                registry, waiting, () -> health.degraded(this.lanes.getFirst().nanos()) ? 1 : 0);
        this.node = new Node(id, store, health, settings, meters, random, waiting);
    }

    /**
     * Starts a node.
     *
     * @param policies the limits of a scope; pure, asked once when the scope is first used
     */
    public static NodeRateLimiter start(
            LeaseStore store, Function<Scope, Policy> policies, NodeSettings settings, MeterRegistry registry) {
        DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();
        var lanes = List.<Lane>of(new ThreadLane("spillway-rate-limiter"));
        return new NodeRateLimiter(store, policies, settings, registry, lanes, random).begin();
    }

    /** Listens and pulses from now on. */
    NodeRateLimiter begin() {
        node.store().listen(this::signalled);
        pacemaker().execute(this::pulse);
        pacemaker().schedule(SWEEP_NANOS, this::sweep);
        return this;
    }

    @Override
    public CompletionStage<Permit> acquire(AcquireRequest request) {
        try {
            return desks(request.scope()).desk(request.contentClass()).acquire(request);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    @Override
    public Optional<Permit> tryAcquire(AcquireRequest request) {
        return Optional.ofNullable(
                desks(request.scope()).desk(request.contentClass()).tryAcquire(request));
    }

    @Override
    public CompletionStage<Estimate> estimate(AcquireRequest request) {
        try {
            return desks(request.scope()).desk(request.contentClass()).estimate(request);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    @Override
    public void onSignal(ThrottleSignal signal) {
        var report =
                switch (signal) {
                    case ThrottleSignal.Usage usage ->
                        report(usage.scope(), Report.Kind.GUARDED, UsageGuard.factor(usage.percent()));
                    case ThrottleSignal.Pause pause ->
                        report(pause.scope(), Report.Kind.PAUSED, Ticks.of(pause.time()));
                    case ThrottleSignal.Resume resume -> report(resume.scope(), Report.Kind.RESUMED, 0);
                };
        var desks = desks(signal.scope());
        desks.lane.execute(() -> {
            if (desks.view.worthReporting(report, desks.lane.nanos())) {
                desks.report(report);
            }
        });
    }

    private Report report(Scope scope, Report.Kind kind, long value) {
        return new Report(scope, node.id(), kind, Math.min(value, Report.PAUSE_MAX), 0);
    }

    @Override
    public RateLimiterSnapshot snapshot(Scope scope) {
        var desks = desks(scope);
        var now = desks.lane.nanos();
        return new RateLimiterSnapshot(
                scope,
                node.health().state(now),
                desks.view.epoch(),
                desks.view.factor() / (double) ScopeLaw.FACTOR_FULL,
                Duration.ofNanos(desks.view.pauseNanos(now)),
                desks.waiting(),
                desks.unitsInHand());
    }

    @Override
    public void close() {
        closed = true;
        for (var desks : scopes.values()) {
            desks.lane.execute(desks::close);
        }
        lanes.forEach(lane -> lane.execute(lane::close));
    }

    private ScopeDesks desks(Scope scope) {
        var known = scopes.get(scope);
        return known != null ? known : scopes.computeIfAbsent(scope, this::open);
    }

    private ScopeDesks open(Scope scope) {
        var policy = policies.apply(scope);
        var prices = tariffs.computeIfAbsent(policy, some -> some.classes().keySet().stream()
                .collect(Collectors.toUnmodifiableMap(name -> name, some::tariff)));
        var lane = lanes.get(Math.floorMod(scope.hashCode(), lanes.size()));
        var desks = new ScopeDesks(node, lane, scope, policy, prices);
        if (closed) {
            lane.execute(desks::close);
        }
        return desks;
    }

    private Lane pacemaker() {
        return lanes.getFirst();
    }

    private void signalled(Signal signal) {
        signalsHeard.incrementAndGet();
        var desks = scopes.get(signal.scope());
        if (desks != null) {
            desks.lane.execute(() -> desks.signalled(signal.epoch()));
        }
    }

    private void pulse() {
        if (closed) {
            return;
        }
        var sent = pacemaker().nanos();
        node.store().pulse().whenComplete((pulse, failure) -> pacemaker().execute(() -> {
            if (pulse == null) {
                node.health().failed();
            } else {
                pulsed(pulse, sent);
            }
            noticeState();
        }));
        pacemaker().schedule(node.settings().heartbeat().toNanos() / 2, this::pulse);
    }

    private void pulsed(Pulse pulse, long sent) {
        var heard = signalsHeard.get();
        var last = lastPulse;
        if (last != null && !pulse.incarnation().equals(last.incarnation())) {
            LOG.atWarn().log("The limits' store may have lost state: all leases are dropped");
            forAll(ScopeDesks::distrust);
        } else if (last != null && pulse.signals() - last.signals() > heard - heardAtLastPulse) {
            forAll(ScopeDesks::distrust); // a signal was lost
        }
        lastPulse = pulse;
        heardAtLastPulse = heard;
        node.health().answered(sent, pacemaker().nanos());
    }

    /** Everyone who waits must hear of an outage and of its end. */
    private void noticeState() {
        var state = node.health().state(pacemaker().nanos());
        if (state == lastState) {
            return;
        }
        if (state == StoreState.DEGRADED) {
            LOG.atWarn()
                    .addKeyValue("safeShare", node.settings().safeShare())
                    .log("The limits' store is away: going on with a safe share");
            forAll(ScopeDesks::refresh);
        } else if (lastState == StoreState.DEGRADED) {
            LOG.atInfo().log("The limits' store is back");
            forAll(ScopeDesks::refresh);
        }
        lastState = state;
    }

    private void forAll(java.util.function.Consumer<ScopeDesks> action) {
        for (var desks : scopes.values()) {
            desks.lane.execute(() -> action.accept(desks));
        }
    }

    /** Forgets scopes without work; one that is used at this very moment finishes its work unseen. */
    private void sweep() {
        if (closed) {
            return;
        }
        for (var desks : scopes.values()) {
            desks.lane.execute(() -> {
                if (desks.idle(desks.lane.nanos())) {
                    scopes.remove(desks.scope, desks);
                }
            });
        }
        pacemaker().schedule(SWEEP_NANOS, this::sweep);
    }
}
