// SPDX-License-Identifier: Apache-2.0
/**
 * The reference bot: Peter helps pupils with their homework, in French and English.
 *
 * <p>Promise: the same event gives the same replies, as a bot must that may see an event twice. Small enough to be read
 * as the example of how a bot is written. Start reading at {@link dev.spillway.gateway.peter.Peter}.
 */
@NullMarked
package dev.spillway.gateway.peter;

import org.jspecify.annotations.NullMarked;
