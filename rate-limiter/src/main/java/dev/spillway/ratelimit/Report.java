// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

/**
 * What a node learnt about a scope.
 *
 * @param value by kind: base pause in ticks, pause in ticks, factor in thousandths, or nothing
 * @param epochSeen the epoch of the lease that the failed call used
 */
public record Report(Scope scope, long node, Kind kind, long value, long epochSeen) {
    /** Longest pause, in ticks: 30 days. */
    static final long PAUSE_MAX = 30L * 86_400 * Ticks.PER_SECOND;

    public Report {
        if (value < 0 || value > PAUSE_MAX) {
            throw new IllegalArgumentException("value: " + value + " (expected: 0.." + PAUSE_MAX + ")");
        }
    }

    /** The number is its name in the script. */
    public enum Kind {
        /** Too many calls: lowers the rate once per epoch and pauses for the value, doubled per consecutive epoch. */
        THROTTLED(1),
        /** Leave alone for the value: a stated time to regain access, or an operator. */
        PAUSED(2),
        /** The usage guard: the rate may be at most the value until usage says otherwise; it fades within an hour. */
        GUARDED(3),
        /** The probe's call was answered: the pause ends, the rate climbs from a tenth. */
        PROBE_SUCCEEDED(4),
        /** The probe was not sent or not answered: another node may probe at once. */
        PROBE_FAILED(5),
        /** An operator ends the pause. */
        RESUMED(6);

        final int number;

        Kind(int number) {
            this.number = number;
        }

        /** As the script knows it. */
        public int number() {
            return number;
        }
    }
}
