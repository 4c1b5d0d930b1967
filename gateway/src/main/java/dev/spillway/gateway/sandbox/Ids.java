// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Ids as the platform makes them: unique within a sandbox, and different from one run to the next. */
final class Ids {
    private static final int LENGTH_MAX = 64;

    private final String run =
            Long.toString(ThreadLocalRandom.current().nextLong(1L << 40, 1L << 41), Character.MAX_RADIX);
    private final AtomicLong last = new AtomicLong();

    /** A message id that was not given before. */
    String mid() {
        return "m_" + run + Long.toString(last.incrementAndGet(), Character.MAX_RADIX);
    }

    /** What the platform's support asks for. */
    String trace() {
        return "A" + run + "T" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), Character.MAX_RADIX);
    }

    /** Whether a text can be the id of a page or a person: 1 to 64 letters, digits, hyphens or underscores. */
    static boolean isPlain(String id) {
        return !id.isEmpty() && id.length() <= LENGTH_MAX && id.chars().allMatch(Ids::isPlain);
    }

    private static boolean isPlain(int c) {
        return (c < 128 && Character.isLetterOrDigit(c)) || c == '-' || c == '_';
    }
}
