// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where a key stands in the tree, below {@code spillway}. The names of map entries are segments like all others. */
record KeyPath(List<String> segments) {
    static final String ROOT = "spillway";

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_<>-]+");
    private static final int SHOWN_MAX = 64;

    KeyPath {
        segments = List.copyOf(segments);
    }

    static KeyPath of(String... segments) {
        return new KeyPath(List.of(segments));
    }

    KeyPath then(String segment) {
        return new KeyPath(Stream.concat(segments.stream(), Stream.of(segment)).toList());
    }

    /** The key beside this one. */
    KeyPath sibling(String name) {
        return new KeyPath(segments.subList(0, segments.size() - 1)).then(name);
    }

    /** Whether this is {@code …-file} or {@code …-files} of that key. */
    boolean isFileOf(KeyPath secret) {
        var size = segments.size();
        if (size == 0 || size != secret.segments.size()) {
            return false;
        }
        var name = secret.segments.getLast() + "-file";
        return segments.subList(0, size - 1).equals(secret.segments.subList(0, size - 1))
                && (segments.getLast().equals(name) || segments.getLast().equals(name + "s"));
    }

    /** The key as SmallRye and its users write it, with quotes where a dot would mislead. */
    @Override
    public String toString() {
        return Stream.concat(Stream.of(ROOT), segments.stream())
                .map(KeyPath::shown)
                .collect(Collectors.joining("."));
    }

    /** The key's variable in the environment. */
    String variable() {
        return Stream.concat(Stream.of(ROOT), segments.stream())
                .map(EnvironmentReader::variablePart)
                .collect(Collectors.joining("_"));
    }

    private static String shown(String segment) {
        if (PLAIN.matcher(segment).matches()) {
            return segment;
        }
        // A key may be anything that a stranger's file holds: one line, and not the whole file.
        var line = segment.replaceAll("[\\p{Cntrl}\"]", "?");
        return '"' + (line.length() > SHOWN_MAX ? line.substring(0, SHOWN_MAX) + "…" : line) + '"';
    }
}
