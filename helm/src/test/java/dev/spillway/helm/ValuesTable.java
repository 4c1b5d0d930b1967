// SPDX-License-Identifier: Apache-2.0
package dev.spillway.helm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The README's table, made from values.yaml: a row per value, with the comment above it. A line reader, as YAML parsers
 * drop comments; it knows the form that values.yaml is written in, and the test compares its keys with a parser's.
 */
final class ValuesTable {
    private static final Pattern KEY = Pattern.compile("( *)([a-zA-Z-]+):.*");

    private ValuesTable() {}

    /** The comment above each key, by path; an empty text where there is none. */
    static Map<String, String> comments(List<String> lines) {
        var comments = new TreeMap<String, String>();
        var path = new ArrayDeque<String>();
        var comment = new StringBuilder();
        for (var line : lines) {
            var key = KEY.matcher(line);
            if (line.strip().startsWith("# ")) {
                comment.append(comment.isEmpty() ? "" : " ").append(line.strip().substring(2));
            } else if (line.isBlank()) {
                comment.setLength(0);
            } else if (key.matches()) {
                while (path.size() > key.group(1).length() / 2) {
                    path.removeLast();
                }
                path.addLast(key.group(2));
                comments.put(String.join(".", path), comment.toString());
                comment.setLength(0);
            } else {
                throw new IllegalArgumentException("neither comment nor key: " + line);
            }
        }
        return comments;
    }

    /** The table in Markdown, in the order of the file. */
    static List<String> rows(List<String> lines, JsonNode values) {
        var comments = comments(lines);
        var rows = new ArrayList<String>();
        rows.add("| Value | Default | Meaning |");
        rows.add("| --- | --- | --- |");
        collect("", values, comments, rows);
        return rows;
    }

    private static void collect(String path, JsonNode node, Map<String, String> comments, List<String> rows) {
        if (node.isObject() && !node.isEmpty()) {
            node.properties()
                    .forEach(child -> collect(
                            path.isEmpty() ? child.getKey() : path + "." + child.getKey(),
                            child.getValue(),
                            comments,
                            rows));
        } else {
            rows.add("| `" + path + "` | `" + node + "` | " + comments.getOrDefault(path, "") + " |");
        }
    }
}
