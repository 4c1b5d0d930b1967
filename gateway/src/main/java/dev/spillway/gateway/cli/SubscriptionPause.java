// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

import dev.spillway.gateway.config.Settings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Both ways. */
@Command
final class SubscriptionPause extends SubscriptionCommand {
    private final boolean pause;

    @Parameters(paramLabel = "NAME", description = "Which one, as list names it.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String name;

    private SubscriptionPause(SubscriptionDesk.Opener opener, boolean pause) {
        super(opener);
        this.pause = pause;
    }

    static CommandLine pause(SubscriptionDesk.Opener opener) {
        return described(
                new SubscriptionPause(opener, true),
                "Gives its bot nothing more until it is resumed. Its events wait, and fill Redis.");
    }

    static CommandLine resume(SubscriptionDesk.Opener opener) {
        return described(new SubscriptionPause(opener, false), "Goes on where it was paused.");
    }

    private static CommandLine described(SubscriptionPause command, String description) {
        var line = new CommandLine(command);
        line.getCommandSpec().usageMessage().description(description);
        return line;
    }

    @Override
    void work(SubscriptionDesk desk, Settings settings) {
        var status = find(desk, name);
        desk.pause(name, pause);
        done(name, pause ? "paused" : "resumed", status.generation());
    }
}
