// SPDX-License-Identifier: Apache-2.0
/**
 * The webhook endpoint: verify, read, append, answer.
 *
 * <p>Promise: a 200 means that every event of the notification is stored; nothing slow runs before it. Whatever is not
 * stored is a 503 in time for the platform to try again. Start reading at {@link WebhookServer}.
 */
@NullMarked
package dev.spillway.gateway.ingest;

import org.jspecify.annotations.NullMarked;
