// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.time.Duration;

/**
 * One piece of work asks for its permit.
 *
 * @param contentClass a class of the {@link Policy}
 * @param conversationId keeps its order inside a conversation; conversations take turns
 * @param weight units it costs
 * @param maxWait after which the answer is worth nothing; with nothing in hand less than a round trip to the store is a refusal
 * @param lead how long the work before the use takes: the permit comes so long before its instant, and is good for at
 *     least so long
 */
public record AcquireRequest(
        Scope scope,
        String contentClass,
        String conversationId,
        int weight,
        Duration maxWait,
        Priority priority,
        Duration lead) {
    /** Longer work would leave units idle for too long when its node dies. */
    public static final Duration LEAD_MAX = Duration.ofMillis(500);

    private static final int WEIGHT_MAX = 1_000;

    public AcquireRequest {
        if (weight < 1 || weight > WEIGHT_MAX) {
            throw new IllegalArgumentException("weight: " + weight + " (expected: 1.." + WEIGHT_MAX + ")");
        }
        if (maxWait.isNegative()) {
            throw new IllegalArgumentException("maxWait: " + maxWait + " (expected: 0 or more)");
        }
        if (lead.isNegative() || lead.compareTo(LEAD_MAX) > 0) {
            throw new IllegalArgumentException("lead: " + lead + " (expected: 0.." + LEAD_MAX + ")");
        }
    }

    /** For work that is done at once. */
    public AcquireRequest(
            Scope scope, String contentClass, String conversationId, int weight, Duration maxWait, Priority priority) {
        this(scope, contentClass, conversationId, weight, maxWait, priority, Duration.ZERO);
    }

    /** One unit at normal priority. */
    public static AcquireRequest of(Scope scope, String contentClass, String conversationId, Duration maxWait) {
        return new AcquireRequest(scope, contentClass, conversationId, 1, maxWait, Priority.NORMAL);
    }

    public AcquireRequest withPriority(Priority other) {
        return new AcquireRequest(scope, contentClass, conversationId, weight, maxWait, other, lead);
    }

    public AcquireRequest withLead(Duration work) {
        return new AcquireRequest(scope, contentClass, conversationId, weight, maxWait, priority, work);
    }
}
