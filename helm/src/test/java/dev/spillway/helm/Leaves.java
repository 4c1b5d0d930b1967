// SPDX-License-Identifier: Apache-2.0
package dev.spillway.helm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;

/** A tree of values as one flat map: a list, a text, a number, or an empty section is a leaf. */
final class Leaves {
    private Leaves() {}

    static Map<String, JsonNode> of(JsonNode tree) {
        var leaves = new TreeMap<String, JsonNode>();
        collect("", tree, leaves);
        return leaves;
    }

    private static void collect(String path, JsonNode node, Map<String, JsonNode> leaves) {
        if (node.isObject() && !node.isEmpty()) {
            node.properties()
                    .forEach(child -> collect(
                            path.isEmpty() ? child.getKey() : path + "." + child.getKey(), child.getValue(), leaves));
        } else {
            leaves.put(path, node);
        }
    }
}
