// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.time.Duration;

/**
 * What a request would find.
 *
 * @param delay until it would be granted, if nobody else asks meanwhile; zero if it would be at once
 * @param limitId the limit that says so; empty for a pause, or if only those who wait already are in the way
 */
public record Estimate(Duration delay, String limitId) {}
