// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

/**
 * What a worker is measured under.
 *
 * @param backlog events that wait all the while; at 0 as many as keep it busy
 * @param guardHours hours before this one of which the once-guard remembers {@value #KEYS_AN_HOUR} finished events each;
 *     at least one, or the shards of this hour would have to grow from nothing, as only in the first hour of all
 */
record WorkCase(int partitions, long backlog, int guardHours) {
    static final int KEYS_AN_HOUR = 420_000;

    long guardKeys() {
        return (long) guardHours * KEYS_AN_HOUR;
    }

    String name() {
        return "P = " + partitions + ", backlog " + count(backlog) + ", guard " + count(guardKeys());
    }

    private static String count(long number) {
        return number == 0 ? "0" : number >= 1_000_000 ? number / 1_000_000 + " M" : number / 1_000 + " k";
    }
}
