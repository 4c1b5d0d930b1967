// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.util.List;

/** What goes into one entry: parts of one partition, in order. */
record Batch(int partition, List<Part> parts, byte[] lines, int events) {
    static Batch of(int partition, List<Part> parts) {
        if (parts.size() == 1) {
            var only = parts.getFirst();
            return new Batch(partition, parts, only.lines(), only.events());
        }
        var length = parts.stream().mapToInt(part -> part.lines().length + 1).sum() - 1;
        var lines = new byte[length];
        var at = 0;
        for (var part : parts) {
            if (at > 0) {
                lines[at++] = '\n';
            }
            System.arraycopy(part.lines(), 0, lines, at, part.lines().length);
            at += part.lines().length;
        }
        return new Batch(
                partition, parts, lines, parts.stream().mapToInt(Part::events).sum());
    }
}
