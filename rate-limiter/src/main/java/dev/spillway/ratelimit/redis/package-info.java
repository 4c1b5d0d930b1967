// SPDX-License-Identifier: Apache-2.0
/**
 * The law of {@code dev.spillway.ratelimit} as Lua scripts, for all nodes that share a Redis (7.0 or newer).
 *
 * <p>Promise: one script call per decision, on one key, by Redis's own time; it answers and stores what the Java law would,
 * bit for bit. Works on standalone, Sentinel and Cluster. Start reading at {@link RedisLeaseStore}.
 */
@NullMarked
package dev.spillway.ratelimit.redis;

import org.jspecify.annotations.NullMarked;
