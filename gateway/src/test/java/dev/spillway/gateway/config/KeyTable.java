// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import java.util.ArrayList;
import java.util.List;

/** The rows of the table in docs/configuration.md, made from the schema, without the column in words. */
final class KeyTable {
    private final List<String> rows = new ArrayList<>();

    private KeyTable() {}

    static List<String> rows() {
        var table = new KeyTable();
        table.walk(Schema.settings(), KeyPath.of());
        return table.rows;
    }

    private void walk(Schema schema, KeyPath path) {
        switch (schema) {
            case Schema.Branch branch -> branch.children().forEach((name, child) -> walk(child, path.then(name)));
            case Schema.Entries entries -> walk(entries.each(), path.then(isPages(path) ? "<id>" : "<name>"));
            case Schema.Leaf leaf -> rows.add(row(leaf, path));
        }
    }

    private static boolean isPages(KeyPath path) {
        return path.equals(KeyPath.of("pages"));
    }

    private static String row(Schema.Leaf leaf, KeyPath path) {
        var standard = leaf.required() ? "required" : leaf.standard() == null ? "–" : "`" + leaf.standard() + "`";
        var variable = path.variable() + (leaf.many() ? "_<N>_" : "");
        var words = leaf.many() ? "list: " + leaf.words() : leaf.words();
        return "| `%s` | %s | %s | `%s` |".formatted(path, words, standard, variable);
    }
}
