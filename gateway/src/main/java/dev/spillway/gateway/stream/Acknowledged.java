// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What one lane was told is stored, of the time before its last good answer: a failover may have lost it.
 *
 * <p>Bounded by time and bytes. It ages only with good answers, so that nothing falls out while the server is away.
 * Threads: owned by one context.
 */
final class Acknowledged {
    private static final long KEPT_NANOS = Duration.ofSeconds(10).toNanos();

    private record Kept(int partition, byte[] lines, int events, long nanos) {}

    /** Lines of one partition, to append again. */
    record Lines(int partition, byte[] lines, int events) {}

    private final Deque<Kept> kept = new ArrayDeque<>();
    private final long bytesMax;
    private long bytes;
    private volatile long seconds;

    Acknowledged(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** The server answered for this batch. */
    void add(Batch batch, long nanos) {
        kept.addLast(new Kept(batch.partition(), batch.lines(), batch.events(), nanos));
        bytes += batch.lines().length;
        while (!kept.isEmpty() && (bytes > bytesMax || nanos - kept.getFirst().nanos() > KEPT_NANOS)) {
            bytes -= kept.removeFirst().lines().length;
        }
        seconds = kept.isEmpty()
                ? 0
                : Duration.ofNanos(nanos - kept.getFirst().nanos()).toSeconds();
    }

    boolean isEmpty() {
        return kept.isEmpty();
    }

    /** All of it, oldest first, in pieces of about so many bytes. */
    List<List<Lines>> chunks(int chunkBytes) {
        var chunks = new ArrayList<List<Lines>>();
        var chunk = new ArrayList<Lines>();
        var size = 0;
        for (var one : kept) {
            chunk.add(new Lines(one.partition(), one.lines(), one.events()));
            size += one.lines().length;
            if (size >= chunkBytes) {
                chunks.add(List.copyOf(chunk));
                chunk.clear();
                size = 0;
            }
        }
        if (!chunk.isEmpty()) {
            chunks.add(List.copyOf(chunk));
        }
        return chunks;
    }

    /** How far back it reaches, in seconds. Any thread. */
    long seconds() {
        return seconds;
    }
}
