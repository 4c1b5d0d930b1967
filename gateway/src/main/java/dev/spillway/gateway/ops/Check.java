// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ops;

import java.util.function.Supplier;

/**
 * One thing that must be well for this process to do its work safely.
 *
 * <p>Called on an event loop for every look at readiness: it tells what is known and never goes to find out. What it
 * says can be read by anyone who reaches the port: no secret, no id of a person.
 */
public interface Check {
    /** In lower case with hyphens; the same for the life of the process. */
    String name();

    /** How things are. */
    Health health();

    /** A check that asks the supplier. */
    static Check of(String name, Supplier<Health> health) {
        return new Check() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Health health() {
                return health.get();
            }
        };
    }
}
