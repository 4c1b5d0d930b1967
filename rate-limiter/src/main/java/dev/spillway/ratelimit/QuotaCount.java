// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.util.Map;

/** One quota as this request sees it. */
record QuotaCount(Tariff.Quota quota, long permits, long bucket, long stored, long sum) {
    static QuotaCount of(Map<String, Long> state, ScopeLaw.Clock clock, Tariff.Quota quota, boolean older) {
        var permits = older ? state.getOrDefault("l:" + quota.id(), quota.permits()) : quota.permits();
        var current = Math.floorDiv(clock.now(), quota.bucketTicks());
        long stored = state.getOrDefault("c:" + quota.id(), current);
        var bucket = Math.max(stored, current); // never back, whatever the clock did
        long sum = state.getOrDefault("s:" + quota.id(), 0L);
        for (var gone = stored + 1; gone <= Math.min(bucket, stored + quota.buckets() + 1); gone++) {
            sum -= state.getOrDefault(slot(quota, gone), 0L);
        }
        return new QuotaCount(quota, permits, bucket, stored, sum);
    }

    static String slot(Tariff.Quota quota, long bucket) {
        return "b:" + quota.id() + ":" + bucket % (quota.buckets() + 1);
    }

    /** Ticks until the oldest buckets that are in the way have left the window. */
    long waitFor(Map<String, Long> state, long need, long now) {
        var excess = need - (permits - sum);
        for (var bucket = this.bucket - quota.buckets(); bucket <= stored; bucket++) {
            excess -= state.getOrDefault(slot(quota, bucket), 0L);
            if (excess <= 0) {
                return (bucket + quota.buckets() + 1) * quota.bucketTicks() - now;
            }
        }
        return quota.bucketTicks() * (quota.buckets() + 1);
    }
}
