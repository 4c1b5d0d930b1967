// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

import dev.spillway.gateway.config.Settings;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "reset",
        description = "Gives its bot the kept events once more, from a time or from the oldest on.",
        footer = {
            "",
            "Finished events are kept for stream.retain. What the bot had finished comes marked as a replay, and its",
            "replies to that are held back unless --send is said. What it had not finished is never jumped over."
        })
final class SubscriptionReset extends SubscriptionCommand {
    @Parameters(paramLabel = "NAME", description = "Which one, as list names it.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String name;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            description = "What was received since then, such as 2026-12-24T18:00:00Z; up to a minute more.")
    private @Nullable String time;

    @Option(names = "--to-start", description = "All that is kept.")
    private boolean toStart;

    @Option(names = "--send", description = "Replies are sent once more: people may get them twice.")
    private boolean send;

    @Option(names = "--yes", description = "Confirms it.")
    private boolean yes;

    SubscriptionReset(SubscriptionDesk.Opener opener) {
        super(opener);
    }

    @Override
    void check() {
        if ((time == null) != toStart) {
            throw new ParameterException(spec().commandLine(), "say --to with a time, or --to-start");
        }
        var since = since();
        if (!yes) {
            throw unconfirmed("this gives the bot every event once more that was received since "
                    + since.map(Instant::toString).orElse("the oldest that is kept")
                    + (send ? ", and sends its replies once more" : ", and holds its replies to these back"));
        }
    }

    @Override
    void work(SubscriptionDesk desk, Settings settings) {
        find(desk, name);
        done(name, "reset", desk.reset(name, since(), send));
    }

    private Optional<Instant> since() {
        if (time == null) {
            return Optional.empty();
        }
        try {
            var at = Instant.parse(time);
            if (at.isBefore(Instant.EPOCH) || at.isAfter(Instant.parse("9999-12-31T00:00:00Z"))) {
                throw wrongTime();
            }
            return Optional.of(at);
        } catch (DateTimeParseException wrong) {
            throw wrongTime();
        }
    }

    private ParameterException wrongTime() {
        return new ParameterException(
                spec().commandLine(),
                "--to " + Escaped.text(String.valueOf(time)) + " (expected: a time such as 2026-12-24T18:00:00Z)");
    }
}
