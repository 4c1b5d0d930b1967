// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

/**
 * An entry whose events are all finished.
 *
 * @param events how many it has
 * @param filtered how many of them the subscription does not want
 */
public record FinishedEntry(String id, int events, int filtered) {}
