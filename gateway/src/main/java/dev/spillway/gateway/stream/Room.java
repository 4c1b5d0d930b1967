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
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How much room each server has, as last read: each partition's stream against its share of the memory, and the whole
 * memory against its limit. Full is told before Redis runs out, so that commits and sends always have room to drain into.
 *
 * <p>Read four times a second; while Redis is away the last reading stands. Threads: read by any, written by the context
 * of its links.
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
    private final Links links;
    private final byte[][] streams;
    private final Limits limits;

    private volatile double[] partitions;
    private volatile double fullest;
    private volatile double memory;
    // Owned by the context.
    private final Map<RedisLink, Double> memories = new HashMap<>();
    private boolean reading;

    Room(Vertx vertx, Context context, Links links, int partitions, Limits limits, MeterRegistry registry) {
        this.vertx = vertx;
        this.context = context;
        this.links = links;
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
        var reads = links.all().stream().map(this::read).toList();
        return Future.join(reads).onComplete(ignored -> reading = false).mapEmpty();
    }

    private Future<Void> read(RedisLink link) {
        var there = IntStream.range(0, streams.length)
                .filter(partition -> links.to(partition) == link)
                .toArray();
        // If a server is away, or refuses one of the commands, its last reading stands.
        return Future.join(link.together(() -> ask(link, there)))
                .onSuccess(answers -> told(link, there, answers.list()))
                .mapEmpty();
    }

    private List<Future<?>> ask(RedisLink link, int[] there) {
        var asked = new ArrayList<Future<?>>(there.length + 1);
        asked.add(link.call(redis -> redis.info("memory")));
        for (var partition : there) {
            asked.add(link.call(redis -> redis.memoryUsage(streams[partition])));
        }
        return asked;
    }

    private void told(RedisLink link, int[] there, List<Object> answers) {
        var info = ServerInfo.parse((String) answers.getFirst());
        var most = number(info.get("maxmemory"));
        var used = number(info.get("used_memory")) - number(info.get("mem_not_counted_for_evict"));
        memories.keySet().retainAll(links.all());
        memories.put(link, most == 0 ? 0 : used / most);
        memory = Collections.max(memories.values());
        var byMemory = clamped((memories.getOrDefault(link, 0.0) - (limits.memory() - MEMORY_RAMP)) / MEMORY_RAMP);
        var cap = limits.cap(most, there.length);
        var read = partitions.clone();
        for (var i = 0; i < there.length; i++) {
            var bytes = answers.get(i + 1) instanceof Long size ? size : 0L;
            read[there[i]] = Math.max(byMemory, cap == 0 ? 0 : clamped(bytes / cap));
        }
        partitions = read;
        fullest = Math.max(byMemory, Arrays.stream(read).max().orElse(0));
    }

    private static double clamped(double ratio) {
        return Math.min(1, Math.max(0, ratio));
    }

    private static double number(@Nullable String digits) {
        return digits == null ? 0 : Double.parseDouble(digits);
    }
}
