// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

/**
 * How a scope stands after a {@link Report}.
 *
 * @param changed whether the report changed anything; then every node was told
 * @param factor thousandths of the nominal rate in force
 * @param pauseTicks what is left of the pause, 0 if none
 */
public record ScopeStatus(boolean changed, long epoch, long factor, long pauseTicks) {}
