// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ops;

/** What a check found. */
public sealed interface Health {
    /** All is well. */
    record Healthy() implements Health {}

    /** Work goes on, but somebody should look; readiness stays true. */
    record Degraded(String sentence) implements Health {}

    /** To go on would break a promise: the process is not ready until this is over. */
    record Unsafe(String sentence) implements Health {}

    /** All is well. */
    static Health healthy() {
        return new Healthy();
    }

    /** Work goes on; the sentence says what is wrong and what to change. */
    static Health degraded(String sentence) {
        return new Degraded(sentence);
    }

    /** Not ready; the sentence says what is wrong and what to change. */
    static Health unsafe(String sentence) {
        return new Unsafe(sentence);
    }
}
