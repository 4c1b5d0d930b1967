// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.async;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A named place where a fault test may kill the process, as {@code kill -9} would.
 *
 * <p>Nothing happens unless the JVM was started with {@code -Dspillway.crash=name:n}: then the n-th passage of that
 * name halts it, without shutdown hooks, with exit code 137.
 */
public final class CrashPoint {
    private static final int EXIT_CODE = 137;
    private static final @Nullable Armed ARMED = Armed.of(System.getProperty("spillway.crash"));

    private CrashPoint() {}

    /** Halts the JVM if this is the armed passage. */
    public static void at(String name) {
        if (ARMED != null) {
            ARMED.pass(name);
        }
    }

    private record Armed(String name, AtomicLong passagesLeft) {
        static @Nullable Armed of(@Nullable String property) {
            if (property == null) {
                return null;
            }
            var colon = property.lastIndexOf(':');
            return new Armed(
                    property.substring(0, colon), new AtomicLong(Long.parseLong(property.substring(colon + 1))));
        }

        void pass(String passed) {
            if (passed.equals(name) && passagesLeft.decrementAndGet() == 0) {
                System.err.println("crash point " + name);
                Runtime.getRuntime().halt(EXIT_CODE);
            }
        }
    }
}
