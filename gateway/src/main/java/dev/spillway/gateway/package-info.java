// SPDX-License-Identifier: Apache-2.0
/**
 * The whole service put together: the entry point, the wiring, and the order of life.
 *
 * <p>Imports every other package; nothing imports it. Start reading at {@link dev.spillway.gateway.Main}.
 */
@NullMarked
package dev.spillway.gateway;

import org.jspecify.annotations.NullMarked;
