// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.util.Arrays;
import java.util.List;

/** Counts uses in windows, the only judge that matters. */
public final class Windows {
    private Windows() {}

    /** The most uses in any half-open window of this length. */
    public static long worst(List<Long> instants, long window) {
        var sorted = instants.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        var worst = 0;
        var first = 0;
        for (int last = 0; last < sorted.length; last++) {
            while (sorted[last] - sorted[first] >= window) {
                first++;
            }
            worst = Math.max(worst, last - first + 1);
        }
        return worst;
    }
}
