// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import dev.spillway.gateway.messenger.Bucket;
import dev.spillway.gateway.messenger.Event;
import dev.spillway.gateway.messenger.EventKey;

/** An event as the once-guard knows it. */
public record Guarded(EventKey key, Bucket bucket) {
    /** The event's. */
    public static Guarded of(Event event) {
        return new Guarded(event.key(), event.bucket());
    }
}
