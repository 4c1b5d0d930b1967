// SPDX-License-Identifier: Apache-2.0
/**
 * What only dev mode needs: a Redis server of its own, without Docker, account or network.
 *
 * <p>Promise: no server outlives the JVM that started it, however that JVM ends.
 * <p>Threads: everything here blocks and belongs to the start and the end of a process, never to an event loop. Not in
 * the production image. Start reading at {@link EmbeddedRedis}.
 */
@NullMarked
package dev.spillway.gateway.dev;

import org.jspecify.annotations.NullMarked;
