// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.time.Duration;

/**
 * How long leases live.
 *
 * @param ttl at the server
 * @param renewEvery by the holder
 */
public record LeaseTiming(Duration ttl, Duration renewEvery) {
    /** How long after the start of a renewal the holder still trusts it: two thirds of the life. */
    Duration validFor() {
        return ttl.multipliedBy(2).dividedBy(3);
    }
}
