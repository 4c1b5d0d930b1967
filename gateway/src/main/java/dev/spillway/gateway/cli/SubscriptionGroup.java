// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "subscription",
        description = "The bots' subscriptions: list, show, add, pause, resume, reset, remove.",
        footer = {
            "",
            "Running gateways obey within two seconds. A command that was cut short is finished by repeating it."
        })
final class SubscriptionGroup implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private SubscriptionGroup() {}

    static CommandLine of(SubscriptionDesk.Opener opener) {
        return new CommandLine(new SubscriptionGroup())
                .addSubcommand(new SubscriptionList(opener))
                .addSubcommand(new SubscriptionShow(opener))
                .addSubcommand(new SubscriptionAdd(opener))
                .addSubcommand("pause", SubscriptionPause.pause(opener))
                .addSubcommand("resume", SubscriptionPause.resume(opener))
                .addSubcommand(new SubscriptionReset(opener))
                .addSubcommand(new SubscriptionRemove(opener));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "a command is missing: " + String.join(", ", spec.subcommands().keySet()));
    }
}
