// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

import dev.spillway.gateway.config.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "remove",
        description = "Takes it out for good: its events are kept for it no more, and all that is its own goes.",
        footer = {
            "",
            "A bot that a gateway runs under the name is refused without --force; with it, running gateways give it",
            "nothing more, and the next that starts with it makes a new subscription."
        })
final class SubscriptionRemove extends SubscriptionCommand {
    @Parameters(paramLabel = "NAME", description = "Which one, as list names it.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String name;

    @Option(names = "--force", description = "Though its bot is configured, or runs.")
    private boolean force;

    @Option(names = "--yes", description = "Confirms it.")
    private boolean yes;

    SubscriptionRemove(SubscriptionDesk.Opener opener) {
        super(opener);
    }

    @Override
    void check() {
        if (!yes) {
            throw unconfirmed("this loses every event that waits for it");
        }
    }

    @Override
    void work(SubscriptionDesk desk, Settings settings) {
        var status = find(desk, name);
        // One that is half gone may only go on going.
        if (!force && !status.state().equals("removing")) {
            if (settings.bots().containsKey(name)) {
                throw new CommandFailure("the bot " + name
                        + " is configured: take it out of spillway.bots first, or say --force and it starts anew");
            }
            if (!status.owners().isEmpty()) {
                throw new CommandFailure(
                        "the bot " + name + " runs in " + status.owners().size()
                                + " process(es): stop these or take it out of their configuration first, or say"
                                + " --force");
            }
        }
        desk.remove(name);
        done(name, "removed", status.generation());
    }
}
