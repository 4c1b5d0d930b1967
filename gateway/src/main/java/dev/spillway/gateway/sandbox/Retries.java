// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a webhook that failed is posted again: at once three times, then less and less often until the horizon. Pure.
 */
record Retries(Duration backoff, Duration horizon) {
    // The platform says "immediately, a few more times".
    private static final int IMMEDIATE = 3;
    private static final int DOUBLINGS_MAX = 20;
    private static final Duration PAUSE_MAX = Duration.ofMinutes(1);

    /**
     * The pause before the next attempt.
     *
     * @param failures how many attempts have failed, 1 or more
     * @param age since the first attempt began
     * @return null when the event is given up
     */
    @Nullable
    Duration pause(int failures, Duration age) {
        var pause = failures <= IMMEDIATE ? Duration.ZERO : backoff(failures - IMMEDIATE - 1);
        return age.plus(pause).compareTo(horizon) > 0 ? null : pause;
    }

    private Duration backoff(int doublings) {
        var doubled = backoff.multipliedBy(1L << Math.min(doublings, DOUBLINGS_MAX));
        return doubled.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : doubled;
    }
}
