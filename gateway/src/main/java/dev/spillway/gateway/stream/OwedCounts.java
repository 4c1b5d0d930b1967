// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import io.lettuce.core.api.async.RedisAsyncCommands;
import java.nio.charset.StandardCharsets;
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
    private static final byte[] ADDED = "added".getBytes(StandardCharsets.UTF_8);

    private final Map<Integer, Integer> owed = new HashMap<>();
    private int flushes;

    void add(int partition, int events) {
        owed.merge(partition, events, Integer::sum);
    }

    boolean isEmpty() {
        return owed.isEmpty();
    }

    /** A flush is being written: every fourth takes all that is owed along. */
    void ride(RedisAsyncCommands<byte[], byte[]> redis) {
        if (++flushes % FLUSHES == 0) {
            var unused = send(redis);
        }
    }

    /** Sends all that is owed. */
    List<RedisLink.Step> send(RedisAsyncCommands<byte[], byte[]> redis) {
        var steps = new ArrayList<RedisLink.Step>(owed.size());
        owed.forEach((partition, events) -> {
            var counters = Keys.counters(partition).getBytes(StandardCharsets.UTF_8);
            steps.add(new RedisLink.Step(redis.hincrby(counters, ADDED, events)));
        });
        owed.clear();
        return steps;
    }
}
