// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

/** What a {@link Limit} promises. */
public enum Mode {
    /** No window of the limit's length, wherever it starts, ever holds more than its permits; costs a few per cent of the rate. */
    HARD,
    /** The long-run rate is exact; a window may exceed it by {@code burst - 1 + ceil(lateness / interval)}. */
    NOMINAL,
    /** A rolling count for long windows (an hour, a day): no window holds more, and nothing is paced. */
    QUOTA
}
