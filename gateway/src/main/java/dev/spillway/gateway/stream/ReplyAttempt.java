// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

/**
 * One attempt to send a reply.
 *
 * @param hour of the commit that made the reply, in hours since 1970; it names where the settled one is remembered
 * @param attempt counts from 1, for each holder anew
 */
public record ReplyAttempt(ReplyId reply, long hour, int attempt) {}
