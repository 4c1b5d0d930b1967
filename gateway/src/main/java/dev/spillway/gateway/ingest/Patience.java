// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ingest;

/**
 * How long we wait for the other side of one connection, and for what.
 *
 * <p>Pure: time comes in, a decision goes out. One clock reading may serve many calls, so that a request costs no look
 * at the clock: a deadline may then be late by the time between two readings, and is never early.
 *
 * <p>A deadline counts from the first byte of what is awaited and is never moved by a later one. So a head or a body that
 * trickles dies like one that stands still.
 */
final class Patience {
    /** What has taken too long. */
    enum Overdue {
        NOTHING,
        /** The head of a request; for the first one, counted from the accept. */
        HEAD,
        /** The body of a request. */
        BODY,
        /** The next request. */
        IDLE,
        /** Our answers, which nobody reads. */
        UNREAD,
        /** The other side's end of a connection that we have ended. */
        FAREWELL
    }

    /**
     * The longest each may take, in ms.
     *
     * @param resolutionMillis the time between two readings of the clock
     */
    record Limits(
            long headMillis,
            long bodyMillis,
            long idleMillis,
            long unreadMillis,
            long farewellMillis,
            long resolutionMillis) {}

    private enum Phase {
        HEAD,
        REQUEST,
        IDLE,
        FAREWELL
    }

    private static final long NEVER = Long.MIN_VALUE;

    private final Limits limits;
    private Phase phase = Phase.HEAD;
    private long since;
    private long bodySince = NEVER;
    private long unreadSince = NEVER;

    Patience(Limits limits, long now) {
        this.limits = limits;
        this.since = now;
    }

    /** Bytes came. */
    void bytes(long now) {
        // The rest of a body that was answered before its end is not a head.
        if (phase == Phase.IDLE && bodySince == NEVER) {
            enter(Phase.HEAD, now);
        }
    }

    /** The head of a request is whole. */
    void request(long now) {
        if (phase != Phase.FAREWELL) {
            enter(Phase.REQUEST, now);
        }
    }

    /** A body is awaited. */
    void body(long now) {
        bodySince = now;
    }

    /** The body is whole. */
    void bodyEnded(long now) {
        bodySince = NEVER;
        if (phase == Phase.IDLE) {
            since = now;
        }
    }

    /** The answer is given. */
    void answered(long now) {
        if (phase == Phase.REQUEST) {
            enter(Phase.IDLE, now);
        }
    }

    /** We have ended the connection, and read only until the other side does. */
    void farewell(long now) {
        bodySince = NEVER;
        enter(Phase.FAREWELL, now);
    }

    boolean isFarewell() {
        return phase == Phase.FAREWELL;
    }

    /**
     * What has taken too long by now.
     *
     * @param unsent whether there are bytes that the other side has no room for
     */
    Overdue overdue(long now, boolean unsent) {
        if (!unsent) {
            unreadSince = NEVER;
        } else if (unreadSince == NEVER) {
            unreadSince = now;
        } else if (isOver(unreadSince, limits.unreadMillis(), now)) {
            return Overdue.UNREAD;
        }
        if (bodySince != NEVER && isOver(bodySince, limits.bodyMillis(), now)) {
            return Overdue.BODY;
        }
        return switch (phase) {
            // While our answers are not read we read no further either: that deadline is the one that counts.
            case HEAD -> !unsent && isOver(since, limits.headMillis(), now) ? Overdue.HEAD : Overdue.NOTHING;
            // Held by us: the store's own bound ends it.
            case REQUEST -> Overdue.NOTHING;
            case IDLE -> isOver(since, limits.idleMillis(), now) ? Overdue.IDLE : Overdue.NOTHING;
            case FAREWELL -> isOver(since, limits.farewellMillis(), now) ? Overdue.FAREWELL : Overdue.NOTHING;
        };
    }

    private void enter(Phase next, long now) {
        phase = next;
        since = now;
    }

    // What began may have begun up to a resolution after the reading it was stamped with.
    private boolean isOver(long from, long most, long now) {
        return now - from > most + limits.resolutionMillis();
    }
}
