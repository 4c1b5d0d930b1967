// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.util.List;

/**
 * Unused units, handed back.
 *
 * <p>A timeline takes them back only while it still stands at the lease's end: any other refund would let two nodes share an
 * instant. A quota takes them back while their bucket counts.
 *
 * @param units how many, from the end of the lease
 */
public record Refund(Scope scope, Tariff tariff, long units, List<LeaseReply.Timeline> timelines, List<Long> buckets) {
    public Refund {
        timelines = List.copyOf(timelines);
        buckets = List.copyOf(buckets);
        if (timelines.size() != tariff.rates().size()
                || buckets.size() != tariff.quotas().size()) {
            throw new IllegalArgumentException("a refund needs the timelines and buckets of its own tariff");
        }
    }
}
