// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

/**
 * What one turn of a worker cost.
 *
 * @param scriptMicros in Redis inside take, commit and whatever else the worker calls
 * @param redisMicros of the Redis process, putting the events there included
 * @param workerMicros of the worker process
 */
record WorkRound(double seconds, long events, long scriptMicros, long redisMicros, long workerMicros) {
    double eventsPerSecond() {
        return events / seconds;
    }

    double scriptMicrosEach() {
        return (double) scriptMicros / events;
    }

    double redisMicrosEach() {
        return (double) redisMicros / events;
    }

    double workerMicrosEach() {
        return (double) workerMicros / events;
    }
}
