// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.time.Duration;

/**
 * Leave to do one thing, to be given back exactly once by {@link #complete} or {@link #release}.
 *
 * <p>It may be used from its instant on, {@link #dueIn}, until it is void, {@link #voidIn}. The instant is now, unless the
 * request had a lead: then do the work that comes first, and wait for what is left of {@code dueIn}.
 *
 * <p>Check {@link #isValid} right before the bytes leave: a permit that was held too long, or whose scope was paused meanwhile, is
 * void and must be released. A second give-back does nothing. Threads: any.
 */
public interface Permit {
    /** Whether it may be used now: not before its instant, not when it is void. Reads the monotonic clock, does no I/O. */
    boolean isValid();

    /** Time left until it may be used; zero from its instant on. */
    Duration dueIn();

    /** Time left until it is void, as far as known now: a pause or a lost store can void it at any moment. Zero if it is. */
    Duration voidIn();

    /** The epoch of its lease. */
    long epoch();

    /** It was used. */
    void complete(SendOutcome outcome);

    /** It was not used. */
    void release();
}
