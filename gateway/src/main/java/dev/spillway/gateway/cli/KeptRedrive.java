// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "redrive",
        description = "Gives an event to its bot once more, or all events with --yes, and takes the letters out.",
        footer = {
            "",
            "Each goes to the end of its conversation, to the bot that gave it up and to no other, oldest first. If the"
                    + " bot",
            "gives it up again it is a new dead letter. Replies are left where they are: they may be for nobody any"
                    + " more."
        })
final class KeptRedrive extends KeptCommand {
    private static final int PROGRESS_EVERY = 1_000;

    @Parameters(paramLabel = "ID", arity = "0..1", description = "Which one, as list names it.")
    private @Nullable String id;

    @Option(names = "--yes", description = "All events, but no replies.")
    private boolean all;

    KeptRedrive(KeptItems.Opener opener) {
        super(opener, KeptItems.Kind.DEAD_LETTERS);
    }

    @Override
    void check() {
        if ((id == null) != all) {
            throw new ParameterException(spec().commandLine(), "name one by its id, or say --yes for all events");
        }
    }

    @Override
    int work(KeptItems items) {
        var ends = id == null ? all(items) : one(items, id);
        var done = ends.getOrDefault(KeptItems.Redriven.DONE, 0);
        var left =
                ends.getOrDefault(KeptItems.Redriven.A_REPLY, 0) + ends.getOrDefault(KeptItems.Redriven.UNREADABLE, 0);
        out().println(
                        json()
                                ? JsonNodeFactory.instance
                                        .objectNode()
                                        .put("redriven", done)
                                        .put("left", left)
                                : "redriven: " + done + (left == 0 ? "" : ", left where they are: " + left));
        return 0;
    }

    private static Map<KeptItems.Redriven, Integer> one(KeptItems items, String id) {
        return switch (items.redrive(id)) {
            case DONE -> Map.of(KeptItems.Redriven.DONE, 1);
            case MISSING -> throw unknown(id);
            case A_REPLY -> throw new CommandFailure(Escaped.text(id) + " is a reply, and replies leave once");
            case UNREADABLE ->
                throw new CommandFailure(Escaped.text(id) + " holds a record that this version cannot read");
        };
    }

    private Map<KeptItems.Redriven, Integer> all(KeptItems items) {
        var ends = new EnumMap<KeptItems.Redriven, Integer>(KeptItems.Redriven.class);
        var ids =
                items.newest(Integer.MAX_VALUE).stream().map(KeptItems.Item::id).toList();
        for (var place = ids.size() - 1; place >= 0; place--) {
            ends.merge(items.redrive(ids.get(place)), 1, Integer::sum);
            var done = ids.size() - place;
            if (done % PROGRESS_EVERY == 0) {
                spec().commandLine().getErr().println(done + " of " + ids.size());
            }
        }
        return ends;
    }
}
