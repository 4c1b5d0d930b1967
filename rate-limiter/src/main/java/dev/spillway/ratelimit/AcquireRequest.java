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
 */
public record AcquireRequest(
        Scope scope, String contentClass, String conversationId, int weight, Duration maxWait, Priority priority) {
    private static final int WEIGHT_MAX = 1_000;

    public AcquireRequest {
        if (weight < 1 || weight > WEIGHT_MAX) {
            throw new IllegalArgumentException("weight: " + weight + " (expected: 1.." + WEIGHT_MAX + ")");
        }
        if (maxWait.isNegative()) {
            throw new IllegalArgumentException("maxWait: " + maxWait + " (expected: 0 or more)");
        }
    }

    /** One unit at normal priority. */
    public static AcquireRequest of(Scope scope, String contentClass, String conversationId, Duration maxWait) {
        return new AcquireRequest(scope, contentClass, conversationId, 1, maxWait, Priority.NORMAL);
    }

    public AcquireRequest withPriority(Priority other) {
        return new AcquireRequest(scope, contentClass, conversationId, weight, maxWait, other);
    }
}
