// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import dev.spillway.gateway.messenger.Bucket;
import dev.spillway.gateway.messenger.Event;
import java.time.Instant;

/** How long the once-guard surely remembers that an event was finished. Pure. */
final class GuardLife {
    private static final long HOUR_SECONDS = 3_600;
    private static final long DAY_HOURS = 24;

    private GuardLife() {}

    /**
     * Whether this may be the second copy of an event whose first is forgotten. Its bucket may have been begun as early
     * as its hour or day, by an event that came at once; a life after the end of that it goes as a whole. An event that
     * we bring in again on purpose is no copy.
     */
    static boolean mayBeOver(Event event, Instant now) {
        return switch (event.mark().source()) {
            case PLATFORM, REPAIRED ->
                lastForgotten(event.bucket(), now) > event.bucket().span();
            case REPLAY, REDRIVEN -> false;
        };
    }

    // The span of the last bucket of its kind that is forgotten by now. A span may be any number: nothing is added to
    // it.
    private static long lastForgotten(Bucket bucket, Instant now) {
        var hour = Math.floorDiv(now.getEpochSecond(), HOUR_SECONDS)
                - bucket.life().hours();
        return switch (bucket.unit()) {
            case HOUR -> hour;
            case DAY -> Math.floorDiv(hour, DAY_HOURS);
        };
    }
}
