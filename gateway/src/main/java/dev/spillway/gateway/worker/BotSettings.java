// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import java.time.Duration;

/**
 * How bots are run.
 *
 * @param attemptsMax after so many failed runs an event is a dead letter
 * @param retryFor or after so long, whichever comes first
 * @param repliesWaitingMax nothing new is taken from a partition while more of its replies wait to be sent
 * @param coalesce how long a person must be quiet before messages are run, together; zero runs each alone and at once
 * @param asideBytesMax how much pages set aside may take together, per partition and subscription
 */
record BotSettings(int attemptsMax, Duration retryFor, Duration coalesce, long repliesWaitingMax, long asideBytesMax) {
    static final Duration BACKOFF_BASE = Duration.ofMillis(200);
    static final Duration BACKOFF_CEILING = Duration.ofSeconds(15);
    /** An event this much older than its receipt may be a copy of one that was finished long ago. */
    static final Duration LATE = Duration.ofSeconds(5);
    /** The platform's window for replies. */
    static final Duration REPLY_WINDOW = Duration.ofHours(24);
}
