// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.time.Duration;

/**
 * When a node thinks that the other side is ill.
 *
 * @param window calls of this time are judged
 * @param callsMin fewer calls prove nothing
 * @param failurePercent of them that open the breaker
 * @param failuresInRow that open it whatever the window says
 * @param slow a call that takes longer counts as slow; as many slow calls as failures open it
 * @param probeTimeout after which a probe that nobody answered for is given to another node
 * @param breakersMax most breakers on a node
 */
public record BreakerSettings(
        Duration window,
        int callsMin,
        int failurePercent,
        int failuresInRow,
        Duration slow,
        Duration probeTimeout,
        int breakersMax) {
    public static final BreakerSettings DEFAULT = new BreakerSettings(
            Duration.ofSeconds(30), 20, 50, 5, Duration.ofSeconds(5), Duration.ofSeconds(11), 10_000);

    public BreakerSettings {
        if (window.toSeconds() < 1 || callsMin < 1 || failuresInRow < 1 || breakersMax < 1) {
            throw new IllegalArgumentException("window, callsMin, failuresInRow, breakersMax: at least 1");
        }
        if (failurePercent < 1 || failurePercent > 100) {
            throw new IllegalArgumentException("failurePercent: " + failurePercent + " (expected: 1..100)");
        }
    }
}
