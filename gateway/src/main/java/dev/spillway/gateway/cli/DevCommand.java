// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "dev",
        description =
                "Runs everything on this machine: Redis, all roles, a stand-in for the platform, and a chat page.",
        footer = {"", "A port of 0 lets the system choose a free one. Nothing needs an account or a network."})
final class DevCommand implements Callable<Integer> {
    private static final int PORT_MAX = 65_535;

    private final Commands.DevRunner runner;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Port of the webhooks (default: ${DEFAULT-VALUE}).")
    private int httpPort;

    @Option(
            names = "--ops-port",
            paramLabel = "PORT",
            defaultValue = "8081",
            description = "Port of health, metrics and API (default: ${DEFAULT-VALUE}).")
    private int opsPort;

    @Option(
            names = {"--port", "--sandbox-port"},
            paramLabel = "PORT",
            defaultValue = "8090",
            description = "Port of the chat page and the stand-in platform (default: ${DEFAULT-VALUE}).")
    private int sandboxPort;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where events are kept between two runs (default: they are forgotten).")
    private @Nullable Path data;

    DevCommand(Commands.DevRunner runner) {
        this.runner = runner;
    }

    @Override
    public Integer call() throws Exception {
        LogFormat.text();
        return runner.run(new DevOptions(port(httpPort), port(opsPort), port(sandboxPort), Optional.ofNullable(data)));
    }

    private int port(int port) {
        if (port < 0 || port > PORT_MAX) {
            throw new ParameterException(spec.commandLine(), "port " + port + " (expected: 0..65535)");
        }
        return port;
    }
}
