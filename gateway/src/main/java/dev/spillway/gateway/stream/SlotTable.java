// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import io.lettuce.core.cluster.SlotHash;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which node of a cluster has which slots, as one of its nodes told it. Pure.
 *
 * @param ranges by their first slot
 * @param nodes every node named, replicas too: whom to ask the next time
 */
record SlotTable(NavigableMap<Integer, Range> ranges, Set<Node> nodes) {
    static final SlotTable EMPTY = new SlotTable(new TreeMap<>(), Set.of());

    /** The address of a node. */
    record Node(String host, int port) {
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /** Slots next to each other, both ends included. */
    record Range(int first, int last, Node primary) {}

    /** Reads the answer to CLUSTER SLOTS; a node that does not know its own address means the one that was asked. */
    static SlotTable of(List<?> answer, Node asked) {
        var ranges = new TreeMap<Integer, Range>();
        var nodes = new LinkedHashSet<Node>();
        for (var row : answer) {
            var parts = (List<?>) row;
            var first = ((Long) parts.get(0)).intValue();
            for (var i = 2; i < parts.size(); i++) {
                nodes.add(node((List<?>) parts.get(i), asked));
            }
            ranges.put(first, new Range(first, ((Long) parts.get(1)).intValue(), node((List<?>) parts.get(2), asked)));
        }
        return new SlotTable(ranges, nodes);
    }

    private static Node node(List<?> told, Node asked) {
        var host = told.get(0) instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : "";
        return new Node(host.isEmpty() || host.equals("?") ? asked.host() : host, ((Long) told.get(1)).intValue());
    }

    /** Who has the key's slot; null if nobody has. */
    @Nullable
    Node primary(String key) {
        var slot = SlotHash.getSlot(key);
        var range = ranges.floorEntry(slot);
        return range == null || range.getValue().last() < slot
                ? null
                : range.getValue().primary();
    }
}
