// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads the file along the schema.
 *
 * <p>Every value is the text that stands in the file, whatever YAML would make of it: an id without quotes stays the
 * digits it is, a version stays {@code 1.10}. That, the line of each problem, and keys given twice are why this walks
 * YAML's nodes and not the flat map of SmallRye's YAML source. The walk goes no deeper than the schema, so that a file
 * that refers to itself ends it too.
 */
final class YamlReader {
    private final Read read = new Read();

    private YamlReader() {}

    static Read read(String yaml, Schema.Branch schema) {
        var reader = new YamlReader();
        try {
            var document = new Yaml(new LoaderOptions()).compose(new StringReader(yaml));
            if (document != null) {
                reader.root(document, schema);
            }
        } catch (MarkedYAMLException broken) {
            // Not the parser's own words: they may quote the file, and that may be a secret.
            var mark = broken.getProblemMark();
            var place = mark == null ? "" : "line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
            reader.broken(place);
        } catch (YAMLException broken) {
            reader.broken("");
        }
        return reader.read;
    }

    private void broken(String place) {
        read.problem(KeyPath.of(), "unreadable", "one document of valid YAML", place);
    }

    private void root(Node document, Schema.Branch schema) {
        if (!(document instanceof MappingNode mapping)) {
            if (!isNothing(document)) {
                broken(place(document));
            }
            return;
        }
        var seen = new HashSet<String>();
        for (var tuple : mapping.getValue()) {
            var name = text(tuple.getKeyNode());
            if (!name.equals(KeyPath.ROOT)) {
                read.problems().add(new Problem(name, "unknown key", "spillway", place(tuple.getKeyNode())));
            } else if (seen.add(name)) {
                branch(tuple.getValueNode(), schema, KeyPath.of());
            } else {
                twice(KeyPath.of(), tuple.getKeyNode());
            }
        }
    }

    private void walk(Node node, Schema schema, KeyPath path) {
        if (isNothing(node)) {
            return;
        }
        switch (schema) {
            case Schema.Branch branch -> branch(node, branch, path);
            case Schema.Entries entries -> entries(node, entries, path);
            case Schema.Leaf leaf -> leaf(node, leaf.many(), path);
        }
    }

    private void branch(Node node, Schema.Branch branch, KeyPath path) {
        var seen = new HashSet<String>();
        for (var tuple : section(node, path)) {
            var name = text(tuple.getKeyNode());
            var child = branch.child(name);
            if (child.isEmpty()) {
                unknown(name, branch, path, tuple.getKeyNode());
            } else if (seen.add(name)) {
                walk(tuple.getValueNode(), child.get(), path.then(name));
            } else {
                twice(path.then(name), tuple.getKeyNode());
            }
        }
    }

    private void entries(Node node, Schema.Entries entries, KeyPath path) {
        for (var tuple : section(node, path)) {
            var name = text(tuple.getKeyNode());
            if (!name.matches(entries.names().pattern())) {
                read.problem(path.then(name), "bad name", entries.names().words(), place(tuple.getKeyNode()));
            } else if (read.entries(path).add(name)) {
                walk(tuple.getValueNode(), entries.each(), path.then(name));
            } else {
                twice(path.then(name), tuple.getKeyNode());
            }
        }
    }

    private void leaf(Node node, boolean many, KeyPath path) {
        if (node instanceof ScalarNode scalar) {
            read.given().put(path, new Given(List.of(scalar.getValue()), false, place(node)));
        } else if (many && node instanceof SequenceNode sequence) {
            var values = new ArrayList<String>();
            for (var item : sequence.getValue()) {
                if (item instanceof ScalarNode scalar && !isNothing(item)) {
                    values.add(scalar.getValue());
                } else {
                    read.problem(path, "not a value", "a list of single values", place(item));
                }
            }
            read.given().put(path, new Given(values, true, place(node)));
        } else {
            read.problem(path, "not a value", many ? "a list of single values" : "one value", place(node));
        }
    }

    private List<NodeTuple> section(Node node, KeyPath path) {
        if (node instanceof MappingNode mapping) {
            return mapping.getValue();
        }
        if (!isNothing(node)) {
            // The value is not shown: nobody knows what it was meant for.
            read.problem(path, "not a section", "keys and values below it", place(node));
        }
        return List.of();
    }

    private void unknown(String name, Schema.Branch branch, KeyPath path, Node key) {
        var nearest = Nearest.to(name, branch.children().keySet());
        var expectation = nearest.map(known -> "perhaps " + path.then(known))
                .orElseGet(() -> "one of " + String.join(", ", branch.children().keySet()));
        read.problem(path.then(name), "unknown key", expectation, place(key));
    }

    private void twice(KeyPath path, Node key) {
        read.problem(path, "given twice", "each key once", place(key));
    }

    private static boolean isNothing(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    private static String text(Node key) {
        return key instanceof ScalarNode scalar ? scalar.getValue() : "?";
    }

    private static String place(Node node) {
        return "line " + (node.getStartMark().getLine() + 1);
    }
}
