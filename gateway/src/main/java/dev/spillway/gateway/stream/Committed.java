// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.util.List;

/**
 * What a commit did.
 *
 * @param first for each event, whether this was the first time it was finished
 * @param repliesWaiting how many replies of the partition have not been settled
 */
public record Committed(List<Boolean> first, long repliesWaiting) {}
