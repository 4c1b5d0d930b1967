// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

@Command(name = "list", description = "Lists what there is, the newest first.")
final class KeptList extends KeptCommand {
    private static final int MOST = 10_000;

    @Option(
            names = "--most",
            paramLabel = "N",
            defaultValue = "50",
            description = "How many at most (default: ${DEFAULT-VALUE}).")
    private int most;

    KeptList(KeptItems.Opener opener, KeptItems.Kind kind) {
        super(opener, kind);
    }

    @Override
    void check() {
        if (most < 1 || most > MOST) {
            throw new ParameterException(spec().commandLine(), "--most " + most + " (expected: 1.." + MOST + ")");
        }
    }

    @Override
    int work(KeptItems items) {
        var newest = items.newest(most);
        if (json()) {
            var array = JsonNodeFactory.instance.arrayNode();
            newest.forEach(item -> array.add(json(item)));
            out().println(array);
        } else {
            newest.forEach(item -> out().println(text(item)));
        }
        return 0;
    }

    static String text(KeptItems.Item item) {
        var about = item.about().entrySet().stream()
                .map(entry -> "  " + Escaped.text(entry.getKey()) + "=" + Escaped.text(entry.getValue()))
                .collect(Collectors.joining());
        return item.id() + "  " + item.at() + about + "  " + item.bytes() + " bytes";
    }

    static ObjectNode json(KeptItems.Item item) {
        var node = JsonNodeFactory.instance
                .objectNode()
                .put("id", item.id())
                .put("at", item.at().toString())
                .put("bytes", item.bytes());
        item.about().forEach(node::put);
        return node;
    }
}
