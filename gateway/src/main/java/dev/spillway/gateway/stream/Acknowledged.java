// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one lane was told is stored, of the time before its last good answer: a failover may have lost it.
 *
 * <p>Bounded by time and bytes. It ages only with good answers, so that nothing falls out while the server is away. The
 * lines are copied into segments that are used again and again: kept as objects of their own, ten seconds of traffic
 * would survive every young collection, and be copied by it, in pauses of tens of milliseconds.
 *
 * <p>Threads: owned by one context, but for {@link #seconds}.
 */
final class Acknowledged {
    private static final long KEPT_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int SEGMENT_BYTES = 256 * 1024;

    /** Lines of one partition, to append again. */
    record Lines(int partition, byte[] lines, int events) {}

    private static final class Segment {
        private final byte[] bytes;
        private int used;
        private int entries;
        // Of each entry: partition, events, length.
        private int[] index = new int[3 * 64];
        private long firstNanos;
        private long lastNanos;

        Segment(int size) {
            bytes = new byte[size];
        }

        boolean takes(int length) {
            return used + length <= bytes.length;
        }

        void add(Batch batch, long nanos) {
            var at = 3 * entries;
            if (at == index.length) {
                index = Arrays.copyOf(index, 2 * at);
            }
            index[at] = batch.partition();
            index[at + 1] = batch.events();
            index[at + 2] = batch.lines().length;
            System.arraycopy(batch.lines(), 0, bytes, used, batch.lines().length);
            used += batch.lines().length;
            firstNanos = entries == 0 ? nanos : firstNanos;
            lastNanos = nanos;
            entries++;
        }

        List<Lines> lines() {
            var lines = new ArrayList<Lines>(entries);
            var from = 0;
            for (var at = 0; at < 3 * entries; at += 3) {
                var to = from + index[at + 2];
                lines.add(new Lines(index[at], Arrays.copyOfRange(bytes, from, to), index[at + 1]));
                from = to;
            }
            return lines;
        }

        void clear() {
            used = 0;
            entries = 0;
        }
    }

    private final Deque<Segment> segments = new ArrayDeque<>();
    private final long bytesMax;
    private final int segmentBytes;
    private @Nullable Segment spare;
    private long bytes;
    private volatile long seconds;

    Acknowledged(long bytesMax) {
        this(bytesMax, SEGMENT_BYTES);
    }

    /** With segments of another size. */
    Acknowledged(long bytesMax, int segmentBytes) {
        this.bytesMax = bytesMax;
        this.segmentBytes = segmentBytes;
    }

    /** The server answered for this batch. */
    void add(Batch batch, long nanos) {
        while (!segments.isEmpty() && nanos - segments.getFirst().lastNanos > KEPT_NANOS) {
            drop();
        }
        var segment = room(batch.lines().length);
        if (segment != null) {
            segment.add(batch, nanos);
        }
        seconds = segments.isEmpty()
                ? 0
                : Duration.ofNanos(nanos - segments.getFirst().firstNanos).toSeconds();
    }

    boolean isEmpty() {
        return segments.isEmpty();
    }

    /** All of it, oldest first, in pieces that a flush can take. */
    List<List<Lines>> chunks() {
        return segments.stream().map(Segment::lines).toList();
    }

    /** How far back it reaches, in seconds. Any thread. */
    long seconds() {
        return seconds;
    }

    private @Nullable Segment room(int length) {
        var last = segments.peekLast();
        if (last != null && last.takes(length)) {
            return last;
        }
        var size = Math.max(segmentBytes, length);
        while (!segments.isEmpty() && bytes + size > bytesMax) {
            drop();
        }
        if (size > bytesMax) {
            return null; // Larger than all that may be kept.
        }
        var next = spare != null && spare.takes(length) ? spare : new Segment(size);
        spare = null;
        segments.addLast(next);
        bytes += next.bytes.length;
        return next;
    }

    private void drop() {
        var oldest = segments.removeFirst();
        bytes -= oldest.bytes.length;
        oldest.clear();
        spare = oldest;
    }
}
