// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.worker;

import dev.spillway.gateway.messenger.Event;
import java.time.Instant;

/**
 * An event on its way to a bot.
 *
 * @param attempt 1 for the first run of this event by this process
 * @param replyBy until when the platform accepts a reply to it
 */
public record Delivery(Event event, int attempt, Instant replyBy) {}
