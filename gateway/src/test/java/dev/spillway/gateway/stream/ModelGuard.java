// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import dev.spillway.gateway.messenger.Bucket;
import dev.spillway.gateway.messenger.EventKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The once-guard of the model: which events are finished, by bucket, each for its life. */
final class ModelGuard {
    private record Place(Bucket bucket, EventKey key) {}

    private final int daysNear;
    private final Map<Place, Long> untilMs = new HashMap<>();

    /** {@code daysNear}: how many days to both sides of a day bucket are looked up. */
    ModelGuard(int daysNear) {
        this.daysNear = daysNear;
    }

    ModelGuard copy() {
        var copy = new ModelGuard(daysNear);
        copy.untilMs.putAll(untilMs);
        return copy;
    }

    boolean seen(Guarded event, long nowMs) {
        var bucket = event.bucket();
        var near = bucket.unit() == Bucket.Unit.DAY ? daysNear : 0;
        for (var span = bucket.span() - near; span <= bucket.span() + near; span++) {
            var place = new Place(new Bucket(bucket.life(), bucket.unit(), span), event.key());
            if (untilMs.getOrDefault(place, Long.MIN_VALUE) > nowMs) {
                return true;
            }
        }
        return false;
    }

    /** True if it is the first time. */
    boolean add(Guarded event, long nowMs) {
        if (seen(event, nowMs)) {
            return false;
        }
        var life = Duration.ofHours(event.bucket().life().hours()).toMillis();
        untilMs.put(new Place(event.bucket(), event.key()), nowMs + life);
        return true;
    }
}
