// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

/**
 * What a set of limits belongs to, such as one page or one app; all limits of a scope are decided together, in one place.
 *
 * <p>The name is opaque. It becomes part of a Redis hash tag, so braces are refused.
 */
public record Scope(String name) {
    private static final int LENGTH_MAX = 200;

    public Scope {
        if (name.isBlank() || name.length() > LENGTH_MAX || name.indexOf('{') >= 0 || name.indexOf('}') >= 0) {
            throw new IllegalArgumentException(
                    "scope: '" + name + "' (expected: 1.." + LENGTH_MAX + " characters without braces)");
        }
    }
}
