// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

import dev.spillway.gateway.config.Loaded;
import dev.spillway.gateway.config.Problem;
import dev.spillway.gateway.config.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "run",
        description = "Runs the gateway.",
        footer = {
            "",
            "Every key of the file can be overridden by the environment: SPILLWAY_HTTP_PORT for spillway.http.port.",
            "Exit codes: 0 stopped as asked, 1 failed, 2 wrong command line or configuration."
        })
final class RunCommand implements Callable<Integer> {
    private static final int BAD_CONFIGURATION = 2;

    private final Commands.Runner runner;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "The configuration, in YAML: see docs/configuration.md.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path file;

    RunCommand(Commands.Runner runner) {
        this.runner = runner;
    }

    @Override
    public Integer call() throws Exception {
        return switch (Settings.load(file)) {
            case Loaded.Ready(var settings) -> runner.run(settings);
            case Loaded.Refused(var problems) -> refuse(spec, problems);
        };
    }

    /** Tells all that is wrong with a configuration; the exit code. */
    static int refuse(CommandSpec spec, List<Problem> problems) {
        var err = spec.commandLine().getErr();
        problems.forEach(err::println);
        err.flush();
        return BAD_CONFIGURATION;
    }
}
