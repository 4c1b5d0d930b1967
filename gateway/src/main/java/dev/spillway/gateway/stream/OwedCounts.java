// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many events were appended that the partitions' counters do not show yet. Under load a count goes with every fourth
 * flush, for it costs the server a fifth of the append itself; at rest it goes at once.
 *
 * <p>A count that is lost, with the connection or the process, is made good by the partition's owner: see {@link Drift}.
 * Threads: owned by one lane's context.
 */
final class OwedCounts {
    private static final int FLUSHES = 4;

    private final Map<Integer, Integer> owed = new HashMap<>();
    private int flushes;

    void add(int partition, int events) {
        owed.merge(partition, events, Integer::sum);
    }

    boolean isEmpty() {
        return owed.isEmpty();
    }

    /** A flush is about to be written: every fourth takes all that is owed along. */
    void ride(List<PlainCommand> flush) {
        if (++flushes % FLUSHES == 0) {
            flush.addAll(all());
        }
    }

    /** All that is owed, owed no more. */
    List<PlainCommand> all() {
        var all = new ArrayList<PlainCommand>(owed.size());
        owed.forEach((partition, events) -> all.add(PlainCommand.count(partition, events)));
        owed.clear();
        return all;
    }
}
