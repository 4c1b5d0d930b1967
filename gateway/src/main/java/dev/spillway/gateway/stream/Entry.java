// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.util.ArrayList;
import java.util.List;

/**
 * One entry of a stream: a batch of records, one JSON line each.
 *
 * @param id of the entry; a position, never a time and never a key
 * @param count how many records
 * @param batch the lines
 * @param redelivered it was taken before, by this holder or an earlier one
 */
public record Entry(String id, int count, byte[] batch, boolean redelivered) {
    /** The records' places in the batch. */
    public List<Line> lines() {
        var lines = new ArrayList<Line>(count);
        var from = 0;
        for (var i = 0; i <= batch.length; i++) {
            if (i == batch.length || batch[i] == '\n') {
                if (i > from) {
                    lines.add(new Line(from, i - from));
                }
                from = i + 1;
            }
        }
        return lines;
    }

    /** Where a record lies in the batch. */
    public record Line(int from, int length) {}
}
