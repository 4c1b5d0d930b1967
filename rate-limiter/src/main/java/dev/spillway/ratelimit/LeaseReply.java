// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.util.List;

/** What the scope's keeper said to a {@link LeaseRequest}. All times are ticks. */
public sealed interface LeaseReply {
    /** How the scope stood when it answered. */
    Standing standing();

    /**
     * Units 1..n; unit {@code k} may be used from {@code lead + max(0, offset + (k - 1) * interval)} after the reply's
     * arrival, on every timeline.
     *
     * @param buckets the bucket of each quota that was charged
     * @param probe the only unit anyone gets until its outcome is reported: the scope comes out of a pause
     */
    record Granted(long n, List<Timeline> timelines, List<Long> buckets, boolean probe, Standing standing)
            implements LeaseReply {
        public Granted {
            timelines = List.copyOf(timelines);
            buckets = List.copyOf(buckets);
        }
    }

    /**
     * Nothing was granted and nothing written.
     *
     * @param waitTicks until the same request may be granted, if nobody else asks
     * @param limitId the limit that says so; empty for a pause
     */
    record Refused(long waitTicks, Cause cause, String limitId, Standing standing) implements LeaseReply {}

    /** Why nothing was granted. */
    enum Cause {
        /** A rate or a quota. */
        LIMIT,
        /** Paused by a signal or an operator. */
        PAUSED,
        /** The pause is over and another node holds the probe. */
        PROBING
    }

    /**
     * One rate's part of a grant.
     *
     * @param offset of the first unit; negative is burst credit
     * @param interval between units
     * @param end the timeline after this grant: units can be handed back while it still stands there
     */
    record Timeline(long offset, long interval, long end) {}

    /**
     * The scope's state in brief, with every reply.
     *
     * @param epoch raised with every decrease and pause; a lease of an older epoch is void
     * @param factor thousandths of the nominal rate in force
     * @param now the keeper's time, only to notice that it jumped
     * @param activeNodes nodes that were granted something in the last seconds, at least 1
     */
    record Standing(long epoch, long factor, long now, long activeNodes) {}
}
