// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

/** How a wrong value is shown: in one short line, and not at all where it might be a secret in the wrong place. */
final class Shown {
    private static final int LENGTH_MAX = 120;

    private Shown() {}

    static String of(String value) {
        if (value.isEmpty()) {
            return "empty";
        }
        var line = value.replaceAll("\\p{Cntrl}", "?");
        return line.length() > LENGTH_MAX ? line.substring(0, LENGTH_MAX) + "…" : line;
    }

    /** A path, if it looks like one: a token pasted into {@code token-file} does not. */
    static String path(String value) {
        return value.startsWith("/") || value.startsWith("./") || value.startsWith("../") ? of(value) : Problem.HIDDEN;
    }
}
