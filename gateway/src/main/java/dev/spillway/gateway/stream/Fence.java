// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

/**
 * What proves a holder to the scripts. Whoever took the lease later has a higher epoch.
 *
 * @param owner a name used for one holding only
 */
public record Fence(String owner, long epoch) {}
