// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import java.util.List;

/**
 * What was written for a key.
 *
 * @param values one, or for a list as many as there are
 * @param list whether it was written as a list, and not as one text that may hold commas
 * @param place a line of the file, or a variable of the environment
 */
record Given(List<String> values, boolean list, String place) {
    Given {
        values = List.copyOf(values);
    }
}
