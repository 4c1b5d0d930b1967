// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.sandbox;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The faults that are set, oldest first. Safe for use by many threads; holds at most 1,000 rules. */
final class Faults {
    private static final int RULES_MAX = 1_000;

    /**
     * A fault, and whom it meets.
     *
     * @param page the page it is for; null for every page
     * @param times how many calls are left; 0 for every call until it is cleared
     */
    record Rule(Fault fault, @Nullable String page, int times) {
        boolean meets(String caller) {
            return page == null || page.equals(caller);
        }
    }

    // Guarded by this.
    private final List<Rule> rules = new ArrayList<>();
    // Read on every call, most of which find no rule.
    private volatile boolean none = true;

    /** Adds a rule; false when there are too many. */
    synchronized boolean add(Rule rule) {
        if (rules.size() >= RULES_MAX) {
            return false;
        }
        rules.add(rule);
        none = false;
        return true;
    }

    /** The fault that meets this call, used up by one. */
    @Nullable
    Fault take(String page) {
        return none ? null : search(page);
    }

    synchronized List<Rule> rules() {
        return List.copyOf(rules);
    }

    synchronized void clear() {
        rules.clear();
        none = true;
    }

    private synchronized @Nullable Fault search(String page) {
        for (var i = 0; i < rules.size(); i++) {
            var rule = rules.get(i);
            if (rule.meets(page)) {
                use(i, rule);
                return rule.fault();
            }
        }
        return null;
    }

    private void use(int index, Rule rule) {
        if (rule.times() == 1) {
            rules.remove(index);
            none = rules.isEmpty();
        } else if (rule.times() > 1) {
            rules.set(index, new Rule(rule.fault(), rule.page(), rule.times() - 1));
        }
    }
}
