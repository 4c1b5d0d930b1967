// SPDX-License-Identifier: Apache-2.0
/**
 * Sends replies: in order per conversation, each once, and says honestly when nobody can know.
 *
 * <p>Promise: a reply is journaled before it may leave and settled only after its answer; what is in doubt is resolved by
 * the platform's echo, else by the reply's own policy, and counted. A dispatcher is a worker whose bot is the Graph API.
 */
@NullMarked
package dev.spillway.gateway.dispatch;

import org.jspecify.annotations.NullMarked;
