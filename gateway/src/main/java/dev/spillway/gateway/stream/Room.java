// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import dev.spillway.gateway.config.Settings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much room Redis has, as last read: each partition's stream against its share of the memory, and the whole memory
 * against its limit. Full is told before Redis runs out, so that commits and sends always have room to drain into.
 *
 * <p>Read four times a second; while Redis is away the last reading stands. Threads: read by any, written by the context
 * of its link.
 */
final class Room {
    private static final long EVERY_MS = 250;
    /** Before the memory limit is reached, this part of it is used to refuse what matters least. */
    private static final double MEMORY_RAMP = 0.1;

    /**
     * When it is full.
     *
     * @param memory this part of {@code maxmemory}
     * @param streams this part of {@code maxmemory} is for all streams of events together
     * @param partitionBytes the most for one partition; 0 takes its part of {@code streams}
     */
    record Limits(double memory, double streams, long partitionBytes) {
        static Limits of(Settings settings) {
            var ingest = settings.ingest();
            return new Limits(
                    ingest.memoryPercentMax() / 100.0, ingest.streamsPercentMax() / 100.0, ingest.partitionBytesMax());
        }

        /** The most bytes for one partition of so many; 0 if there is no limit. */
        double cap(double maxmemory, int partitions) {
            return partitionBytes > 0 ? partitionBytes : maxmemory * streams / partitions;
        }
    }

    private final Vertx vertx;
    private final Context context;
    private final RedisLink link;
    private final byte[][] streams;
    private final Limits limits;

    private volatile double[] partitions;
    private volatile double fullest;
    private volatile double memory;
    // Owned by the context.
    private boolean reading;

    Room(Vertx vertx, Context context, RedisLink link, int partitions, Limits limits, MeterRegistry registry) {
        this.vertx = vertx;
        this.context = context;
        this.link = link;
        this.limits = limits;
        this.partitions = new double[partitions];
        this.streams = new byte[partitions][];
        Arrays.setAll(streams, partition -> Keys.in(partition).getBytes(StandardCharsets.UTF_8));
        Gauge.builder("spillway.stream.fullness", this, Room::fullest)
                .description(
                        "How full the fullest partition is, or the memory; from 0.5 on the least important webhooks"
                                + " are refused, at 1 all.")
                .baseUnit("ratio")
                .register(registry);
        Gauge.builder("spillway.redis.memory", this, room -> room.memory)
                .description("Memory that Redis uses, as a part of maxmemory; 0 without a limit.")
                .baseUnit("ratio")
                .register(registry);
    }

    /** Reads once, then for ever. */
    Future<Void> start() {
        vertx.setPeriodic(EVERY_MS, ignored -> context.runOnContext(alsoIgnored -> read()));
        return read();
    }

    /** How full this partition is, or the memory; 1 is full. */
    double fullness(int partition) {
        return partitions[partition];
    }

    /** How full the fullest partition is. */
    double fullest() {
        return fullest;
    }

    private Future<Void> read() {
        if (reading) {
            return Future.succeededFuture();
        }
        reading = true;
        var asked = new ArrayList<Future<?>>(streams.length + 1);
        asked.add(link.call(redis -> redis.info("memory")));
        for (var stream : streams) {
            asked.add(link.call(redis -> redis.memoryUsage(stream)));
        }
        // If Redis is away, or refuses one of the commands, the last reading stands.
        return Future.join(asked)
                .onComplete(ignored -> reading = false)
                .onSuccess(answers -> told(answers.list()))
                .mapEmpty();
    }

    private void told(List<Object> answers) {
        var info = ServerInfo.parse((String) answers.getFirst());
        var most = number(info.get("maxmemory"));
        var used = number(info.get("used_memory")) - number(info.get("mem_not_counted_for_evict"));
        memory = most == 0 ? 0 : used / most;
        var byMemory = clamped((memory - (limits.memory() - MEMORY_RAMP)) / MEMORY_RAMP);
        var cap = limits.cap(most, streams.length);
        var read = new double[streams.length];
        var max = byMemory;
        for (var partition = 0; partition < streams.length; partition++) {
            var bytes = answers.get(partition + 1) instanceof Long size ? size : 0L;
            read[partition] = Math.max(byMemory, cap == 0 ? 0 : clamped(bytes / cap));
            max = Math.max(max, read[partition]);
        }
        partitions = read;
        fullest = max;
    }

    private static double clamped(double ratio) {
        return Math.min(1, Math.max(0, ratio));
    }

    private static double number(@Nullable String digits) {
        return digits == null ? 0 : Double.parseDouble(digits);
    }
}
