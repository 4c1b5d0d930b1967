// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.graph;

/**
 * What came of one call.
 *
 * @param usage what was said beside it of the caller's allowances
 */
public record Answer(Outcome outcome, Usage usage) {
    static Answer without(Outcome outcome) {
        return new Answer(outcome, Usage.UNKNOWN);
    }
}
