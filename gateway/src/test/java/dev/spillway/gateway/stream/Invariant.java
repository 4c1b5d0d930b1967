// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

/** What must be true of every schedule; I8, that all is bounded, is held where the bounds are. */
enum Invariant {
    /** I1: an event that was acknowledged to the platform is finished, and each of its replies was sent or refused. */
    NOTHING_LOST,
    /** I2: an event is finished once for each subscription, and only by who holds the lease. */
    FINISHED_ONCE,
    /** I3: a reply is sent once, unless it was in doubt and is one to send again. */
    SENT_ONCE,
    /** I4: replies of a conversation are made and sent in the order in which its events were appended. */
    IN_ORDER,
    /** I5: nothing is answered that the platform did not say. */
    NO_GHOST,
    /** I6: the counters are those of what happened. */
    CONSERVED,
    /** I7: what waits is worked on. */
    ALIVE,
    /** I9: the platform is told that an event is stored when it is, and not before. */
    HONEST
}
