// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.time.Duration;

/** What asking for a lease gave. */
public sealed interface LeaseAnswer {
    /**
     * It is ours until it runs out.
     *
     * @param takeovers how often in a row it was taken from an owner that had not released it
     * @param suspects what such an owner may have died of
     */
    record Held(Fence fence, int takeovers, Suspects suspects) implements LeaseAnswer {}

    /** Another holds it for this long yet, unless it renews. */
    record Refused(Duration left) implements LeaseAnswer {}
}
