// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How far a subscription is, over all partitions.
 *
 * @param oldest when the oldest event that waits was received; null if none waits
 * @param owners how many partitions each process holds
 */
public record SubscriptionStatus(
        RegisterRow row,
        long waiting,
        @Nullable Instant oldest,
        long done,
        long dead,
        long skipped,
        long filtered,
        Map<String, Integer> owners) {

    /** A partition's answer. */
    record InPartition(long bytes, List<OfGroup> groups) {}

    /** A subscription's part of it. {@code owner} is empty if nobody holds the partition. */
    record OfGroup(
            long waiting, @Nullable Instant oldest, long done, long dead, long skipped, long filtered, String owner) {
        /** The process that holds the partition; a holding's name is that of the process, a colon, and a number. */
        String process() {
            var colon = owner.lastIndexOf(':');
            return colon < 0 ? owner : owner.substring(0, colon);
        }
    }

    /** The sums, for each row in its order. */
    static List<SubscriptionStatus> of(List<RegisterRow> rows, List<InPartition> partitions) {
        var all = new ArrayList<SubscriptionStatus>();
        for (var i = 0; i < rows.size(); i++) {
            var row = i;
            all.add(sum(
                    rows.get(row),
                    partitions.stream()
                            .map(partition -> partition.groups().get(row))
                            .toList()));
        }
        return all;
    }

    private static SubscriptionStatus sum(RegisterRow row, List<OfGroup> parts) {
        var owners = new TreeMap<String, Integer>();
        Instant oldest = null;
        for (var part : parts) {
            if (!part.owner().isEmpty()) {
                owners.merge(part.process(), 1, Integer::sum);
            }
            var at = part.oldest();
            if (at != null && (oldest == null || at.isBefore(oldest))) {
                oldest = at;
            }
        }
        return new SubscriptionStatus(
                row,
                parts.stream().mapToLong(OfGroup::waiting).sum(),
                oldest,
                parts.stream().mapToLong(OfGroup::done).sum(),
                parts.stream().mapToLong(OfGroup::dead).sum(),
                parts.stream().mapToLong(OfGroup::skipped).sum(),
                parts.stream().mapToLong(OfGroup::filtered).sum(),
                owners);
    }

    /** A time as records have it; null if there is none, or none that can be read. */
    static @Nullable Instant time(String text) {
        try {
            return text.isEmpty() ? null : Instant.parse(text);
        } catch (DateTimeParseException odd) {
            return null;
        }
    }
}
