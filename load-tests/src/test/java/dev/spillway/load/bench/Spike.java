// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** A quiet rate, then suddenly many times as much, then quiet again; in an open loop. */
final class Spike {
    private static final int QUIET_RATE = 100;
    private static final int QUIET_BEFORE_SECONDS = 5;
    private static final int QUIET_AFTER_SECONDS = 10;
    private static final int CONNECTIONS = 512;
    private static final double P99_MILLIS = 5;

    private Spike() {}

    static SpikeResult run(Contender spillway, RedisServer redis, int rate, int seconds)
            throws IOException, InterruptedException {
        redis.forget(spillway.keys());
        var run = "spike";
        var bodies = new Bodies(run, System.currentTimeMillis(), 1);
        var schedule = Schedule.of(List.of(
                new Schedule.Step(QUIET_RATE, QUIET_BEFORE_SECONDS),
                new Schedule.Step(rate, seconds),
                new Schedule.Step(QUIET_RATE, QUIET_AFTER_SECONDS)));
        var heap = new Heap(spillway);
        var before = heap.afterCollection();
        var peak = new AtomicLong(before);
        Paced paced;
        try (var watch = Executors.newSingleThreadScheduledExecutor()) {
            var watching = watch.scheduleAtFixedRate(
                    () -> peak.accumulateAndGet(heap.used(), Math::max), 1, 1, TimeUnit.SECONDS);
            paced = OpenLoop.run(spillway.port(), CONNECTIONS, bodies, schedule);
            watching.cancel(false);
        }
        var lost = paced.acked();
        lost.andNot(StoredEvents.read(redis.socket(), spillway.streams(), run).distinct());
        var spikeEnd = QUIET_BEFORE_SECONDS + seconds;
        var end = spikeEnd + QUIET_AFTER_SECONDS;
        var p99 = IntStream.range(0, end)
                .mapToObj(second -> paced.millisInSecond(second, 0.99))
                .toList();
        // Back is where it was, or at 5 ms if it was better than that.
        var back = Math.max(
                P99_MILLIS, Sample.of(p99.subList(0, QUIET_BEFORE_SECONDS)).median());
        var result = new SpikeResult(
                rate,
                seconds,
                paced.statuses(),
                lost.cardinality(),
                paced.slowestRefusalMillis(),
                p99,
                back,
                SpikeResult.settled(p99, QUIET_BEFORE_SECONDS, spikeEnd, back),
                SpikeResult.settled(p99, spikeEnd, end, back),
                before,
                peak.get(),
                heap.afterCollection());
        redis.forget(spillway.keys());
        return result;
    }
}
