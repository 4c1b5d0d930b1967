// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

/**
 * One contender under one kind of load, once.
 *
 * @param acked events of requests answered with 200
 * @param stored events found in the streams after it, copies too
 * @param lost acknowledged events that were not found
 * @param redisCommandMicros of Redis inside commands, per event
 * @param redisProcessMicros of Redis in all, per event
 * @param cpuMillisPerThousand processor time of the contender per 1,000 events
 * @param othersShare how much of the machine others used meanwhile: 0 to 1
 */
record Round(
        String contender,
        int number,
        Scenario scenario,
        double eventsPerSecond,
        long acked,
        long stored,
        long lost,
        long refused,
        long broken,
        double p50Millis,
        double p99Millis,
        double redisCommandMicros,
        double redisProcessMicros,
        double cpuMillisPerThousand,
        double othersShare) {
    static Round of(
            Contender contender,
            int number,
            Scenario scenario,
            WrkResult wrk,
            StoredEvents stored,
            Meter.Used used,
            int bodies) {
        var acked = wrk.acked() * scenario.events();
        var events = Math.max(1, acked);
        return new Round(
                contender.name(),
                number,
                scenario,
                acked * 1e6 / wrk.micros(),
                acked,
                stored.count(),
                contender.stores() ? lost(wrk, scenario, stored, bodies) : 0,
                wrk.refused(),
                wrk.broken(),
                wrk.p50() / 1e3,
                wrk.p99() / 1e3,
                (double) used.redis().commands() / events,
                (double) used.redis().process() / events,
                used.contenderMillis() * 1e3 / events,
                used.othersShare());
    }

    /**
     * wrk counts answers and does not say which request each belongs to. So there must be as many events as were
     * acknowledged; and once every body was surely answered with 200, every event of every body.
     */
    static long lost(WrkResult wrk, Scenario scenario, StoredEvents stored, int bodies) {
        var missing = wrk.acked() * scenario.events() - stored.count();
        var allAnswered = wrk.refused() == 0 && wrk.broken() == 0 && wrk.acked() >= bodies + scenario.connections();
        var missingKeys = allAnswered
                ? (long) bodies * scenario.events() - stored.distinct().cardinality()
                : 0;
        return Math.max(0, Math.max(missing, missingKeys));
    }
}
