// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.redis;

import java.time.Duration;

/**
 * How the store talks to Redis.
 *
 * @param keyPrefix of every key and of the signal channel; not empty
 * @param commandTimeout after which a command counts as lost
 * @param connectTimeout for each attempt to connect
 * @param inFlightMax most commands without a reply; one more is refused at once
 */
public record Settings(String keyPrefix, Duration commandTimeout, Duration connectTimeout, int inFlightMax) {
    /** A decision that takes longer than 50 ms is worth nothing: its units would be late. */
    public static final Settings DEFAULT = new Settings("rl:", Duration.ofMillis(50), Duration.ofSeconds(2), 4_096);

    public Settings {
        if (keyPrefix.isEmpty() || keyPrefix.indexOf('{') >= 0) {
            throw new IllegalArgumentException("keyPrefix: '" + keyPrefix + "' (expected: not empty, no brace)");
        }
        if (commandTimeout.isNegative() || commandTimeout.isZero()) {
            throw new IllegalArgumentException("commandTimeout: " + commandTimeout + " (expected: more than 0)");
        }
        if (inFlightMax < 1) {
            throw new IllegalArgumentException("inFlightMax: " + inFlightMax + " (expected: 1 or more)");
        }
    }

    public Settings withCommandTimeout(Duration timeout) {
        return new Settings(keyPrefix, timeout, connectTimeout, inFlightMax);
    }

    public Settings withKeyPrefix(String prefix) {
        return new Settings(prefix, commandTimeout, connectTimeout, inFlightMax);
    }
}
