// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.util.Locale;

/**
 * What one item takes in Redis.
 *
 * @param what kind of item, in words
 * @param items how many were measured
 * @param holders entries of streams, or hashes of the once-guard, that hold them
 * @param bytes by which {@code used_memory} differed for all of them
 * @param keyBytes what {@code MEMORY USAGE} says of their keys
 * @param most bytes of one, wanted
 */
record MemoryFigure(String what, long items, long holders, long bytes, long keyBytes, int most) {
    double each() {
        return (double) bytes / items;
    }

    double counted() {
        return (double) keyBytes / items;
    }

    boolean hit() {
        return each() <= most;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "| %s | %,d | %.1f | %.1f | %.1f | %d | %s |",
                what,
                items,
                (double) items / holders,
                each(),
                counted(),
                most,
                hit() ? "HIT" : "MISS");
    }
}
