// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

/**
 * Leave to do one thing now, to be given back exactly once by {@link #complete} or {@link #release}.
 *
 * <p>Check {@link #isValid} right before the bytes leave: a permit that was held too long, or whose scope was paused meanwhile, is
 * void and must be released. A second give-back does nothing. Threads: any.
 */
public interface Permit {
    /** Whether it may still be used; reads the monotonic clock, does no I/O. */
    boolean isValid();

    /** The epoch of its lease. */
    long epoch();

    /** It was used. */
    void complete(SendOutcome outcome);

    /** It was not used. */
    void release();
}
