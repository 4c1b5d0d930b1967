// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ops;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.netty.util.concurrent.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Watches every event loop of a Vert.x by a tick on each.
 *
 * <p>Uses Vert.x's inner interface, as the public one does not tell its loops: a context is given some loop, and a
 * blocked one among them would go unseen.
 */
public final class EventLoops implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofMillis(100);
    private static final Duration WINDOW = Duration.ofSeconds(30);

    private final List<Lag> lags = new ArrayList<>();
    private final List<Future<?>> ticks = new ArrayList<>();

    private EventLoops() {}

    /** Starts to watch, and registers a gauge per loop. */
    public static EventLoops watch(Vertx vertx, MeterRegistry registry) {
        var loops = new EventLoops();
        for (var loop : ((VertxInternal) vertx).nettyEventLoopGroup()) {
            var lag = new Lag(PERIOD.toNanos(), WINDOW.toNanos(), System.nanoTime());
            loops.ticks.add(loop.scheduleWithFixedDelay(
                    () -> lag.ticked(System.nanoTime()), PERIOD.toNanos(), PERIOD.toNanos(), TimeUnit.NANOSECONDS));
            TimeGauge.builder("spillway.ops.loop.lag", () -> lag.worstNanos(System.nanoTime()), TimeUnit.NANOSECONDS)
                    .description("Longest delay of an event loop in the last 30 to 60 s")
                    .tag("loop", Integer.toString(loops.lags.size()))
                    .register(registry);
            loops.lags.add(lag);
        }
        return loops;
    }

    /** How long the loop that is stuck the longest has been stuck; zero if none is. */
    public Duration stuck() {
        var now = System.nanoTime();
        return Duration.ofNanos(
                lags.stream().mapToLong(lag -> lag.overdueNanos(now)).max().orElse(0));
    }

    /** Stops watching. */
    @Override
    public void close() {
        ticks.forEach(tick -> tick.cancel(false));
    }
}
