// SPDX-License-Identifier: Apache-2.0
/**
 * Takes events out of the streams in order, runs the bots, and commits what they said.
 *
 * <p>Promise: one event of a conversation at a time, many conversations at once; a reply leaves exactly once however
 * often its event was run. Start reading at {@link Bot}.
 */
@NullMarked
package dev.spillway.gateway.worker;

import org.jspecify.annotations.NullMarked;
