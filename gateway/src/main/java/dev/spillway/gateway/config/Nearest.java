// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that was probably meant. */
final class Nearest {
    private static final int LENGTH_MAX = 64;

    private Nearest() {}

    /** The candidate with the fewest letters to change, if those are few enough for a slip of the finger. */
    static Optional<String> to(String written, Collection<String> candidates) {
        if (written.length() > LENGTH_MAX) {
            return Optional.empty();
        }
        var farthest = Math.max(2, written.length() / 3);
        return candidates.stream()
                .filter(candidate -> distance(written, candidate) <= farthest)
                .min(Comparator.<String>comparingInt(candidate -> distance(written, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** Optimal string alignment: insertions, deletions, changes, and two neighbours swapped count one each. */
    static int distance(String left, String right) {
        var before = new int[right.length() + 1];
        var last = new int[right.length() + 1];
        Arrays.setAll(last, column -> column);
        for (int row = 1; row <= left.length(); row++) {
            var now = new int[right.length() + 1];
            now[0] = row;
            for (int column = 1; column <= right.length(); column++) {
                var change = left.charAt(row - 1) == right.charAt(column - 1) ? 0 : 1;
                now[column] = Math.min(Math.min(now[column - 1], last[column]) + 1, last[column - 1] + change);
                if (row > 1 && column > 1 && swapped(left, right, row, column)) {
                    now[column] = Math.min(now[column], before[column - 2] + 1);
                }
            }
            before = last;
            last = now;
        }
        return last[right.length()];
    }

    private static boolean swapped(String left, String right, int row, int column) {
        return left.charAt(row - 1) == right.charAt(column - 2) && left.charAt(row - 2) == right.charAt(column - 1);
    }
}
