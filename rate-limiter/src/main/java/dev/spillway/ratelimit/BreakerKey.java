// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

/** What a shared circuit breaker protects, such as a host or one endpoint of a page. */
public record BreakerKey(String name) {
    private static final int LENGTH_MAX = 200;

    public BreakerKey {
        if (name.isBlank() || name.length() > LENGTH_MAX || name.indexOf('{') >= 0 || name.indexOf('}') >= 0) {
            throw new IllegalArgumentException(
                    "breaker: '" + name + "' (expected: 1.." + LENGTH_MAX + " characters without braces)");
        }
    }
}
