// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.time.Duration;

/**
 * How one node holds its leases.
 *
 * @param replicas nodes that share the limits, at least; the safe share of an outage is divided by them
 * @param safeShare part of each limit that all nodes together may use without the store, 0..1; 0 refuses everything
 * @param batch how much of a limit's rate a node asks for at once; twice of it is the most it has in hand
 * @param batchMax the same in units
 * @param ahead how far a reservation reaches at most; long enough that a backlogged node asks rarely
 * @param heartbeat longest time that a lost signal or a lost state stays unnoticed; half of it lies between two pulses
 * @param waitingMax most waits for one class of a scope
 * @param waitingMaxNode most waits on the node
 * @param conversationsMax most conversations of a scope whose own pace is remembered
 * @param idle after which a scope without work is forgotten
 */
public record NodeSettings(
        int replicas,
        double safeShare,
        Duration batch,
        int batchMax,
        Duration ahead,
        Duration heartbeat,
        int waitingMax,
        int waitingMaxNode,
        int conversationsMax,
        Duration idle) {
    public static final NodeSettings DEFAULT = new NodeSettings(
            1,
            0.5,
            Duration.ofMillis(50),
            16_384,
            Duration.ofSeconds(2),
            Duration.ofMillis(250),
            10_000,
            100_000,
            10_000,
            Duration.ofMinutes(5));

    public NodeSettings {
        require(replicas >= 1, "replicas", replicas, "1 or more");
        require(safeShare >= 0 && safeShare <= 1, "safeShare", safeShare, "0..1");
        require(batchMax >= 1 && batchMax <= 50_000, "batchMax", batchMax, "1..50000");
        require(Ticks.of(ahead) <= ScopeLaw.AHEAD_MAX && !ahead.isNegative(), "ahead", ahead, "0..10 s");
        require(heartbeat.toMillis() >= 20, "heartbeat", heartbeat, "20 ms or more");
        require(waitingMax >= 1, "waitingMax", waitingMax, "1 or more");
        require(waitingMaxNode >= 1, "waitingMaxNode", waitingMaxNode, "1 or more");
        require(conversationsMax >= 1, "conversationsMax", conversationsMax, "1 or more");
    }

    public NodeSettings withReplicas(int nodes) {
        return new NodeSettings(
                nodes,
                safeShare,
                batch,
                batchMax,
                ahead,
                heartbeat,
                waitingMax,
                waitingMaxNode,
                conversationsMax,
                idle);
    }

    public NodeSettings withBatchMax(int units) {
        return new NodeSettings(
                replicas,
                safeShare,
                batch,
                units,
                ahead,
                heartbeat,
                waitingMax,
                waitingMaxNode,
                conversationsMax,
                idle);
    }

    /** How far a reservation may reach after a lead. */
    long aheadTicks(long leadTicks) {
        return Math.min(Ticks.of(ahead), ScopeLaw.AHEAD_MAX - leadTicks);
    }

    private static void require(boolean holds, String name, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
    }
}
