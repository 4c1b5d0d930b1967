// SPDX-License-Identifier: Apache-2.0
/**
 * What the platform says, as our types: events, their keys, replies, signatures, error codes.
 *
 * <p>Promise: everything here is pure. Reading never throws on any bytes; what is unknown is data.
 * <p>Source of every rule: the platform's webhook and Send API documentation of 2026. Start reading at {@link Event}.
 */
@NullMarked
package dev.spillway.gateway.messenger;

import org.jspecify.annotations.NullMarked;
