// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

/**
 * A bot's own reading of all events: its groups, leases, once-guard and counters.
 *
 * @param generation raised when it is created anew or reset, so that nothing of an older life is mistaken for its own
 */
public record Subscription(String name, int generation) {
    /** What stands for it in keys, counters and reply ids. */
    public String id() {
        return name + "." + generation;
    }
}
