// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

/** Strict classes of urgency; the lowest that waits still gets every tenth unit. */
public enum Priority {
    /** A person waits for it. */
    INTERACTIVE,
    NORMAL,
    /** Campaigns. */
    BULK
}
