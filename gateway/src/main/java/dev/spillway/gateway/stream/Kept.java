// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.time.Duration;
import java.time.Instant;

/**
 * What is kept in a stream though every group has finished it.
 *
 * @param since what was received at this time or later, in the form of records; empty keeps nothing
 * @param underBytes only while the stream takes less: what is finished must never be why webhooks are refused
 */
public record Kept(String since, long underBytes) {
    /** Nothing. */
    public static final Kept NOTHING = new Kept("", 0);

    static Kept of(Duration retain, Instant now, long halfFullBytes) {
        return retain.isZero() ? NOTHING : new Kept(RegisterRow.time(now.minus(retain)), halfFullBytes);
    }
}
