// SPDX-License-Identifier: Apache-2.0
/**
 * The Graph API client: one reply in, one {@link dev.spillway.gateway.graph.Outcome} out.
 *
 * <p>Promise: it never retries, never follows a redirect, and says honestly whether a request may have left.
 */
@NullMarked
package dev.spillway.gateway.graph;

import org.jspecify.annotations.NullMarked;
