// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import io.vertx.core.Completable;

/**
 * What one notification has for one partition: record lines, joined by line feeds.
 *
 * @param receivedNanos on the monotonic clock, when the notification began to wait
 */
record Part(int partition, byte[] lines, int events, long receivedNanos, Completable<Void> stored) {}
