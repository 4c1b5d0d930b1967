// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import dev.spillway.gateway.config.Settings;
import dev.spillway.gateway.config.Settings.BotKind;
import java.util.ArrayList;
import java.util.List;

/** What a configuration may ask for and this version cannot do: told at start, never ignored. */
final class Unsupported {
    private Unsupported() {}

    /** One sentence each; empty if all of it can be done. */
    static List<String> in(Settings settings) {
        var problems = new ArrayList<String>();
        settings.bots().forEach((name, bot) -> {
            if (bot.kind() != BotKind.BUILT_IN) {
                problems.add("spillway.bots." + name
                        + ".kind: push (expected: built-in; this version runs no bots outside " + "the JVM)");
            }
        });
        return problems;
    }
}
