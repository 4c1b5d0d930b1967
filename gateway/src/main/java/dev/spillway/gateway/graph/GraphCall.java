// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.graph;

import dev.spillway.gateway.messenger.RawJson;

/**
 * One message to one person.
 *
 * @param message the platform's {@code message} object
 */
public record GraphCall(String page, String user, RawJson message) {}
