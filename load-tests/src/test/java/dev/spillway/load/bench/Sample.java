// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.util.Arrays;
import java.util.Collection;

/** Figures of several rounds: what lies in the middle, and how far they spread. */
record Sample(double median, double least, double most, int count) {
    static Sample of(Collection<? extends Number> figures) {
        if (figures.isEmpty()) {
            return new Sample(Double.NaN, Double.NaN, Double.NaN, 0);
        }
        var sorted = figures.stream().mapToDouble(Number::doubleValue).sorted().toArray();
        var half = sorted.length / 2;
        var median = sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
        return new Sample(median, sorted[0], sorted[sorted.length - 1], sorted.length);
    }

    /** The smallest of these that at least so large a part is not above; 0 for none. Sorts the array. */
    static long quantile(long[] figures, double part) {
        if (figures.length == 0) {
            return 0;
        }
        Arrays.sort(figures);
        return figures[Math.max(0, (int) Math.ceil(part * figures.length) - 1)];
    }
}
