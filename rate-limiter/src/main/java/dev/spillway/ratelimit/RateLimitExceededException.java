// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.io.Serial;
import java.time.Duration;

/** No permit, and why: an expected end, so it has no stack trace. */
public final class RateLimitExceededException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /** Who said no. */
    public enum Reason {
        /** A limit opens too late for the deadline; known at once, nothing was queued for long. */
        LIMIT,
        /** The scope is paused by a signal or an operator. */
        PAUSED,
        /** Too many wait already, for this scope or on this node. */
        QUEUE_FULL,
        /** It waited its time in vain. */
        DEADLINE,
        /** The limiter is closed. */
        CLOSED
    }

    private final Reason reason;
    private final String limitId;
    private final Duration retryAfter;

    public RateLimitExceededException(Reason reason, String limitId, Duration retryAfter) {
        super(reason + (limitId.isEmpty() ? "" : " " + limitId) + ", retry after " + retryAfter, null, false, false);
        this.reason = reason;
        this.limitId = limitId;
        this.retryAfter = retryAfter;
    }

    public Reason reason() {
        return reason;
    }

    /** The binding limit; empty if none is known. */
    public String limitId() {
        return limitId;
    }

    /** The earliest time that makes sense, as far as this node knows. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
