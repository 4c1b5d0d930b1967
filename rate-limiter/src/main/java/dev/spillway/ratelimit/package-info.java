// SPDX-License-Identifier: Apache-2.0
/**
 * Distributed rate limits: exact under any number of nodes, almost free per decision.
 *
 * <p>Knows neither Vert.x nor Messenger: scopes and classes of work are opaque names.
 */
@NullMarked
package dev.spillway.ratelimit;

import org.jspecify.annotations.NullMarked;
