// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

/**
 * By how much a subscription's counters miss its stream at rest.
 *
 * @param lastId the last entry ever added when they were compared
 * @param events added but never finished, though nothing waits; negative if more was finished than counted as added
 */
public record Drift(String lastId, long events) {
    /** Nothing was compared yet. */
    public static final Drift NONE = new Drift("", 0);
}
