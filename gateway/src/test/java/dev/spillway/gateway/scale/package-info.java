// SPDX-License-Identifier: Apache-2.0
/**
 * Worker processes that come, go, die and sleep under load, and a count of what became of every event.
 *
 * <p>Promise: the verdict is exact. Every text is known before it is sent, and every reply is counted in the stream that
 * the commit writes to, so that a lost, repeated or overtaken event cannot hide. Start reading at {@link ScaleRun}.
 */
@NullMarked
package dev.spillway.gateway.scale;

import org.jspecify.annotations.NullMarked;
