// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

/**
 * Which life of which server: another one may have lost the tail of its data, and reuse its entry ids.
 *
 * @param runId changes at every start of the server
 * @param replicationId changes when a replica is promoted
 */
record ServerGeneration(String runId, String replicationId) {}
