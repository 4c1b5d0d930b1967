// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

import dev.spillway.gateway.config.Loaded;
import dev.spillway.gateway.config.Settings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command on what is kept for people: finds the configuration, opens the store, and closes it again. */
abstract class KeptCommand implements Callable<Integer> {
    private final KeptItems.Opener opener;
    private final KeptItems.Kind kind;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "The configuration of the gateway, in YAML.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path file;

    @Option(names = "--json", description = "Answers in JSON.")
    private boolean json;

    KeptCommand(KeptItems.Opener opener, KeptItems.Kind kind) {
        this.opener = opener;
        this.kind = kind;
    }

    /** Does the work; the exit code. */
    abstract int work(KeptItems items);

    /** Refuses a wrong command line, before anything is opened. */
    void check() {}

    @Override
    public Integer call() {
        // What is logged on the way must not mix with the answer.
        LogFormat.text();
        check();
        return switch (Settings.load(file)) {
            case Loaded.Ready(var settings) -> {
                try (var items = opener.open(settings, kind)) {
                    yield work(items);
                } finally {
                    out().flush();
                }
            }
            case Loaded.Refused(var problems) -> RunCommand.refuse(spec, problems);
        };
    }

    static CommandFailure unknown(String id) {
        return new CommandFailure("there is no " + Escaped.text(id) + ": list says which there are");
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    CommandSpec spec() {
        return spec;
    }

    boolean json() {
        return json;
    }
}
