// SPDX-License-Identifier: Apache-2.0
/**
 * What every stage needs to wait, to bound and to be broken on purpose, without blocking an event loop.
 */
@NullMarked
package dev.spillway.gateway.async;

import org.jspecify.annotations.NullMarked;
