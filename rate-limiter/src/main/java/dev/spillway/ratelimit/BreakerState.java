// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

/**
 * How a shared breaker stands.
 *
 * @param changed whether the call changed it; then every node was told
 * @param open no calls, except the probe
 * @param generation raised with every opening; results of an older one are ignored
 * @param waitTicks while open: until a probe may be due
 * @param probe the caller has the probe: one call, to be reported
 * @param heldTicks while an operator holds it closed: for so long nobody's detector counts; else 0
 */
public record BreakerState(
        boolean changed, boolean open, long generation, long waitTicks, boolean probe, long heldTicks) {}
