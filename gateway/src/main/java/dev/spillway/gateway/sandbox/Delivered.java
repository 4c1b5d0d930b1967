// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import org.jspecify.annotations.Nullable;

/**
 * How the posting of a webhook ended.
 *
 * @param mid the message's id; null for an event without one
 * @param status the last answer; 0 if there was none
 * @param attempts how often it was posted
 * @param millis how long the last attempt took
 */
public record Delivered(@Nullable String mid, int status, int attempts, long millis) {
    /** Whether the gateway took the event. */
    public boolean accepted() {
        return status == 200;
    }
}
