// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

import dev.spillway.gateway.config.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Shows one, with the processes that hold its partitions.")
final class SubscriptionShow extends SubscriptionCommand {
    @Parameters(paramLabel = "NAME", description = "Which one, as list names it.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String name;

    SubscriptionShow(SubscriptionDesk.Opener opener) {
        super(opener);
    }

    @Override
    void work(SubscriptionDesk desk, Settings settings) {
        var status = find(desk, name);
        if (json()) {
            out().println(json(status));
            return;
        }
        out().println(text(status));
        out().println("on-full=" + status.onFull() + "  from=" + status.from() + "  replay=" + status.replay()
                + "  filtered=" + status.filtered());
        if (!settings.bots().containsKey(status.name())) {
            out().println("no bot of this configuration has the name: its events are kept until it is removed");
        }
        status.owners().forEach((owner, partitions) -> out().println(
                        "owner " + Escaped.text(owner) + "  partitions=" + partitions));
    }
}
