// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The commands on one kind of what is kept for people. */
@Command
final class KeptGroup implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private KeptGroup() {}

    static CommandLine quarantine(KeptItems.Opener opener) {
        var line = group(
                opener,
                KeptItems.Kind.QUARANTINE,
                "quarantine",
                "Signed bodies that nobody can read: list, show, purge.");
        return line.addSubcommand(new KeptPurge(opener, KeptItems.Kind.QUARANTINE));
    }

    static CommandLine deadLetters(KeptItems.Opener opener) {
        var line = group(
                opener,
                KeptItems.Kind.DEAD_LETTERS,
                "dead-letters",
                "Events that no bot could handle, and replies that will never leave: list, show, redrive.");
        return line.addSubcommand(new KeptRedrive(opener));
    }

    private static CommandLine group(KeptItems.Opener opener, KeptItems.Kind kind, String name, String description) {
        var line = new CommandLine(new KeptGroup());
        line.getCommandSpec().name(name).usageMessage().description(description);
        return line.addSubcommand(new KeptList(opener, kind)).addSubcommand(new KeptShow(opener, kind, System.out));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "a command is missing: " + String.join(", ", spec.subcommands().keySet()));
    }
}
