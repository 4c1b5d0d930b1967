// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

/** Ways for the model and the actors to be wrong on purpose: the simulation must see each break its invariant. */
enum Flaw {
    /** Takes are acknowledged as they are made. */
    EARLY_ACK(Invariant.NOTHING_LOST),
    /** A stream is trimmed to a length. */
    TRIM_BY_LENGTH(Invariant.NOTHING_LOST),
    /** A stream is trimmed to where one of its groups is. */
    TRIM_FOR_ONE_GROUP(Invariant.NOTHING_LOST),
    /** The boundary of a page set aside lies behind what was moved. */
    BOUNDARY_AHEAD(Invariant.NOTHING_LOST),
    /** A page leaves while one of its events is with the bot. */
    ASIDE_WHILE_RUNNING(Invariant.NOTHING_LOST),
    /** A move whose answer was lost counts as made. */
    ASIDE_UNSURE(Invariant.NOTHING_LOST),
    /** A page comes back while something of it is left. */
    REJOIN_EARLY(Invariant.NOTHING_LOST),
    /** A dead letter is redriven under its old key. */
    REDRIVE_OLD_KEY(Invariant.NOTHING_LOST),
    /** The platform has its answer before a replica has the event. */
    NO_WAIT(Invariant.NOTHING_LOST),
    /** What was acknowledged shortly before a failover is not appended once more. */
    NO_REPAIR(Invariant.NOTHING_LOST),
    /** Who held a partition of the server that failed goes on with what it has in memory. */
    OLD_GENERATION(Invariant.NOTHING_LOST),
    /** Whoever asks is obeyed. */
    NO_FENCE(Invariant.FINISHED_ONCE),
    /** Every commit is the first. */
    NO_GUARD(Invariant.FINISHED_ONCE),
    /** The guard looks into the event's own bucket only. */
    GUARD_OF_ONE_BUCKET(Invariant.FINISHED_ONCE),
    /** What another may have sent is sent. */
    NO_JOURNAL(Invariant.SENT_ONCE),
    /** A reply is sent before a replica has its journal row. */
    SEND_BEFORE_WAIT(Invariant.SENT_ONCE),
    /** A lease keeps its epoch when it changes hands. */
    SAME_EPOCH(Invariant.SENT_ONCE),
    /** Events of a conversation are with the bot side by side. */
    TWO_AT_ONCE(Invariant.IN_ORDER),
    /** A page moves aside newest first. */
    ASIDE_BACKWARDS(Invariant.IN_ORDER),
    /** A webhook without a signature is stored. */
    UNSIGNED(Invariant.NO_GHOST),
    /** Each acknowledgement is counted. */
    UNGUARDED_ACK(Invariant.CONSERVED),
    /** Each settlement is counted. */
    UNGUARDED_SETTLE(Invariant.CONSERVED),
    /** Only new entries are taken. */
    NO_PENDING(Invariant.ALIVE),
    /** The platform has its answer before the append was answered. */
    EARLY_200(Invariant.HONEST);

    private final Invariant breaks;

    Flaw(Invariant breaks) {
        this.breaks = breaks;
    }

    /** What it breaks, perhaps among others. */
    Invariant breaks() {
        return breaks;
    }
}
