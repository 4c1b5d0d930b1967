// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.openhft.hashing.LongHashFunction;

/**
 * Who should hold which partition: rendezvous hashing, nobody more than their share, rounded up.
 *
 * <p>Pure. Everybody who sees the same members comes to the same answer; a member that comes or goes moves little more
 * than its own share.
 */
final class Balance {
    private static final LongHashFunction XXH64 = LongHashFunction.xx();

    private Balance() {}

    /** The partitions that {@code self} should hold among these members. */
    static Set<Integer> share(int partitions, List<String> members, String self) {
        var most = (partitions + members.size() - 1) / members.size();
        var load = new HashMap<String, Integer>();
        var mine = new HashSet<Integer>();
        for (var partition = 0; partition < partitions; partition++) {
            var winner = "";
            var highest = 0L;
            for (var member : members) {
                var score = XXH64.hashBytes((member + ":" + partition).getBytes(StandardCharsets.UTF_8));
                if (load.getOrDefault(member, 0) < most
                        && (winner.isEmpty() || Long.compareUnsigned(score, highest) > 0)) {
                    winner = member;
                    highest = score;
                }
            }
            load.merge(winner, 1, Integer::sum);
            if (winner.equals(self)) {
                mine.add(partition);
            }
        }
        return mine;
    }
}
