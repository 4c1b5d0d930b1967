// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(name = "purge", description = "Takes one out for good, or all with --yes.")
final class KeptPurge extends KeptCommand {
    @Parameters(paramLabel = "ID", arity = "0..1", description = "Which one, as list names it.")
    private @Nullable String id;

    @Option(names = "--yes", description = "All of them.")
    private boolean all;

    KeptPurge(KeptItems.Opener opener, KeptItems.Kind kind) {
        super(opener, kind);
    }

    @Override
    void check() {
        if ((id == null) != all) {
            throw new ParameterException(spec().commandLine(), "name one by its id, or say --yes for all");
        }
    }

    @Override
    int work(KeptItems items) {
        var gone = 1L;
        if (id == null) {
            gone = items.purgeAll();
        } else if (!items.purge(id)) {
            throw unknown(id);
        }
        out().println(json() ? JsonNodeFactory.instance.objectNode().put("purged", gone) : "purged: " + gone);
        return 0;
    }
}
