// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

import dev.spillway.gateway.config.Matching;
import dev.spillway.gateway.config.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "add",
        description = "Makes one for a program of yours that reads with a plain consumer group.",
        footer = {
            "",
            "The group is NAME.GENERATION on every stream, as docs/streams.md tells. From now on its events are kept"
                    + " for",
            "it: a program that does not read fills Redis, unless --on-full skip is said. No gateway serves it, so"
                    + " that",
            "pause means nothing to it. To repeat the command changes no more than --on-full."
        })
final class SubscriptionAdd extends SubscriptionCommand {
    @Parameters(paramLabel = "NAME", description = "Its name: " + Matching.NAME_IN_WORDS + ".")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String name;

    @Option(
            names = "--from-start",
            description = "Starts with the oldest event that is kept; else with what comes from now on.")
    private boolean fromStart;

    @Option(
            names = "--on-full",
            paramLabel = "refuse|skip",
            defaultValue = "refuse",
            description = "When it is left behind: refuse webhooks (default), or skip its oldest events.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Settings.OnFull onFull;

    SubscriptionAdd(SubscriptionDesk.Opener opener) {
        super(opener);
    }

    @Override
    void check() {
        if (!name.matches(Matching.NAME)) {
            throw new ParameterException(
                    spec().commandLine(), "NAME " + Escaped.text(name) + " (expected: " + Matching.NAME_IN_WORDS + ")");
        }
    }

    @Override
    void work(SubscriptionDesk desk, Settings settings) {
        if (settings.bots().containsKey(name)) {
            throw new CommandFailure("the bot " + name
                    + " of this configuration has the name, and makes its own subscription: choose another");
        }
        var start = fromStart ? Settings.Start.BEGINNING : Settings.Start.NOW;
        done(name, "added", desk.add(name, start, onFull));
    }
}
