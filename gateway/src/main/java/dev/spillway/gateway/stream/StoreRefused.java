// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.util.List;

/** Redis cannot be used as it is; each problem says what to change. */
public final class StoreRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    StoreRefused(List<String> problems) {
        super(String.join("; ", problems), null, false, false);
        this.problems = List.copyOf(problems);
    }

    /** One sentence each. */
    public List<String> problems() {
        return problems;
    }
}
