// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.time.Duration;

/** How the work ended that a {@link Permit} was for. */
public sealed interface SendOutcome {
    /** Answered and accepted. */
    record Delivered() implements SendOutcome {}

    /**
     * Answered: too many calls.
     *
     * @param pause how long to leave the scope alone if no time was stated; doubled per failure in a row; zero only slows down
     */
    record Throttled(Duration pause) implements SendOutcome {}

    /** Answered: this piece of work will never be accepted; says nothing about the rate. */
    record Rejected() implements SendOutcome {}

    /** No answer, or not a useful one: timeout, reset, 5xx. */
    record Failed() implements SendOutcome {}
}
