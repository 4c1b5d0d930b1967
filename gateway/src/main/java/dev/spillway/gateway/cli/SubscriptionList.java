// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.spillway.gateway.config.Settings;
import picocli.CommandLine.Command;

@Command(name = "list", description = "Lists all, with how far each is.")
final class SubscriptionList extends SubscriptionCommand {
    SubscriptionList(SubscriptionDesk.Opener opener) {
        super(opener);
    }

    @Override
    void work(SubscriptionDesk desk, Settings settings) {
        var all = desk.list();
        if (json()) {
            var array = JsonNodeFactory.instance.arrayNode();
            all.forEach(status -> array.add(json(status)));
            out().println(array);
        } else {
            all.forEach(status -> out().println(text(status)));
        }
    }
}
