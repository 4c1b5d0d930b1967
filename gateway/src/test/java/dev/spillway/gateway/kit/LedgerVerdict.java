// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a fault run has proved.
 *
 * @param counts how many of each kind of line there were, in a fixed order, for the report
 * @param violations every broken invariant, with what broke it
 */
public record LedgerVerdict(Map<String, Integer> counts, List<Violation> violations) {
    private static final int SHOWN_MAX = 20;

    /** The invariants of a run that the ledger alone can decide. */
    public enum Invariant {
        /** I1: an acknowledged event was neither answered, nor dead-lettered, nor parked. */
        LOST,
        /** I2: an event was worked on twice. */
        TWICE_PROCESSED,
        /** I3: a reply that was not in doubt was sent more than once. */
        TWICE_SENT,
        /** I4: a conversation was answered out of order, or with a gap. */
        OUT_OF_ORDER,
        /** I5: a reply to an event that nobody sent. */
        GHOST
    }

    /** One broken promise. */
    public record Violation(Invariant invariant, String what) {}

    /** All invariants hold, and there was something for them to hold over. */
    public boolean holds() {
        return violations.isEmpty() && count("acked") > 0 && count("sends") > 0;
    }

    public int count(String kind) {
        return counts.getOrDefault(kind, 0);
    }

    /** What broke this invariant. */
    public List<String> of(Invariant invariant) {
        return violations.stream()
                .filter(violation -> violation.invariant() == invariant)
                .map(Violation::what)
                .toList();
    }

    /** Fails the test, with everything it needs to know, unless the verdict holds. */
    public void require() {
        if (!holds()) {
            throw new AssertionError(describe());
        }
    }

    /** The report: one line of counts, and the violations, the first {@value #SHOWN_MAX} in words. */
    public String describe() {
        var line = counts.entrySet().stream()
                .map(count -> count.getValue() + " " + count.getKey())
                .collect(Collectors.joining(", "));
        if (holds()) {
            return "holds: " + line;
        }
        if (violations.isEmpty()) {
            return "PROVES NOTHING, because nothing was acknowledged or nothing sent: " + line;
        }
        var broken = violations.stream()
                .limit(SHOWN_MAX)
                .map(violation -> "\n  " + violation.invariant() + ": " + violation.what())
                .collect(Collectors.joining());
        return "BROKEN, " + violations.size() + " violations: " + line + broken;
    }
}
