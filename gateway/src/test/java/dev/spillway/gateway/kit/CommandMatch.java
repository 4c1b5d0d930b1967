// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import java.util.Locale;

/** Says which commands a fault is for. */
@FunctionalInterface
public interface CommandMatch {
    boolean matches(Command command);

    static CommandMatch any() {
        return command -> true;
    }

    /** By name, such as {@code XADD}, or with its subcommand, such as {@code XGROUP CREATE}. */
    static CommandMatch named(String name) {
        var capitals = name.toUpperCase(Locale.ROOT);
        return command -> command.name().equals(capitals);
    }

    /** Runs of one script, whether by its hash or by its text. */
    static CommandMatch script(String name) {
        return command -> command.script().equals(name);
    }

    /** Only those with this argument among the first ones, such as a key. */
    default CommandMatch with(String argument) {
        return command -> matches(command) && command.arguments().contains(argument);
    }
}
