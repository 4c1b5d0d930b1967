// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import java.util.List;

/** What reading the settings came to. */
public sealed interface Loaded {
    /** Every key is as it should be. */
    record Ready(Settings settings) implements Loaded {}

    /** Nothing can be started with this; every problem there is, never none. */
    record Refused(List<Problem> problems) implements Loaded {
        public Refused {
            problems = List.copyOf(problems);
        }
    }
}
