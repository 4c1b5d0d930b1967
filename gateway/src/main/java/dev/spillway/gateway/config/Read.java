// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a reader has found: the keys that are given, the map entries that are there, and what is wrong so far. */
final class Read {
    private final Map<KeyPath, Given> given = new LinkedHashMap<>();
    private final Map<KeyPath, Set<String>> entries = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    Map<KeyPath, Given> given() {
        return given;
    }

    List<Problem> problems() {
        return problems;
    }

    /** The names of a map's entries, those without any key too. */
    Set<String> entries(KeyPath map) {
        return entries.computeIfAbsent(map, unseen -> new TreeSet<>());
    }

    void problem(KeyPath key, String value, String expectation, String place) {
        problems.add(new Problem(key.toString(), value, expectation, place));
    }

    /** Adds what the environment says; a key there takes the place of the file's, and so does its twin with a file. */
    void overriddenBy(Read environment) {
        environment.entries.forEach((map, names) -> entries(map).addAll(names));
        for (var key : environment.given.keySet()) {
            given.keySet().removeIf(other -> areTwins(key, other));
        }
        given.putAll(environment.given);
        problems.addAll(environment.problems);
    }

    /** Whether one is a secret's key and the other that of its file. */
    private static boolean areTwins(KeyPath left, KeyPath right) {
        return left.isFileOf(right) || right.isFileOf(left);
    }
}
