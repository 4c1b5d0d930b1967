// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What was found when the server's settings were looked at; each a sentence that says what to change.
 *
 * @param problems why the server must not be used as asked
 * @param warnings what works, but will hurt one day or cannot be seen
 */
public record StoreSafety(List<String> problems, List<String> warnings) {
    /** What was found at several servers. */
    static StoreSafety ofAll(List<StoreSafety> all) {
        return new StoreSafety(joined(all, StoreSafety::problems), joined(all, StoreSafety::warnings));
    }

    /** The same, with the server's name. */
    StoreSafety of(String server) {
        UnaryOperator<String> named = sentence -> server + ": " + sentence;
        return new StoreSafety(
                problems.stream().map(named).toList(),
                warnings.stream().map(named).toList());
    }

    private static List<String> joined(List<StoreSafety> all, Function<StoreSafety, List<String>> which) {
        return all.stream().map(which).flatMap(List::stream).distinct().toList();
    }
}
