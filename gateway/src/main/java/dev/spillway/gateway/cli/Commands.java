// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

import dev.spillway.gateway.config.Settings;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * All commands, and what they call when the work is not their own.
 *
 * <p>Nothing may log before {@link #execute}: a command chooses how logs look by {@link LogFormat}, before the first
 * logger is made. So the class that calls it has no logger in a static field.
 */
public final class Commands {
    private static final int FAILED = 1;

    private final CommandLine line;

    private Commands(CommandLine line) {
        this.line = line;
    }

    /** Runs the gateway with these settings, and returns once it has stopped. */
    @FunctionalInterface
    public interface Runner {
        /** The exit code. A {@link CommandFailure} is told to the user as it is; anything else is a bug, and logged. */
        int run(Settings settings) throws Exception;
    }

    /** Runs dev mode, and returns once it has stopped. */
    @FunctionalInterface
    public interface DevRunner {
        /** The exit code; troubles as in {@link Runner#run}. */
        int run(DevOptions options) throws Exception;
    }

    /** The commands, on standard output and standard error. */
    public static Commands of(
            Runner runner, DevRunner dev, KeptItems.Opener kept, SubscriptionDesk.Opener desk, Version version) {
        return of(
                runner,
                dev,
                kept,
                desk,
                version,
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    }

    static Commands of(
            Runner runner,
            DevRunner dev,
            KeptItems.Opener kept,
            SubscriptionDesk.Opener desk,
            Version version,
            PrintWriter out,
            PrintWriter err) {
        var line = new CommandLine(new RootCommand())
                .addSubcommand(new RunCommand(runner))
                .addSubcommand(new DevCommand(dev))
                .addSubcommand(KeptGroup.quarantine(kept))
                .addSubcommand(KeptGroup.deadLetters(kept))
                .addSubcommand(SubscriptionGroup.of(desk))
                .addSubcommand(new VersionCommand(version))
                .setOut(out)
                .setErr(err);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        addHelp(line);
        line.setParameterExceptionHandler(Commands::wrongUse);
        line.setExecutionExceptionHandler(Commands::failed);
        return new Commands(line);
    }

    private static void addHelp(CommandLine command) {
        var spec = command.getCommandSpec();
        if (spec.findOption("--help") == null) {
            spec.addOption(OptionSpec.builder("-h", "--help")
                    .usageHelp(true)
                    .description("Says what this command does.")
                    .build());
        }
        command.getSubcommands().values().forEach(Commands::addHelp);
    }

    /** Runs the command that the arguments name, and says which exit code the process should end with. */
    public int execute(String... arguments) {
        return line.execute(arguments);
    }

    private static int wrongUse(ParameterException wrong, String[] arguments) {
        var command = wrong.getCommandLine();
        var err = command.getErr();
        err.println("spillway: " + wrong.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err);
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        err.flush();
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static int failed(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        if (failure instanceof CommandFailure told) {
            command.getErr().println("spillway: " + told.sentence());
        } else {
            LoggerFactory.getLogger(Commands.class)
                    .atError()
                    .addKeyValue("command", command.getCommandName())
                    .setCause(failure)
                    .log("A command failed");
            // Without the message: it is not written for a user, and may name what must not be shown.
            command.getErr()
                    .println("spillway: " + command.getCommandName() + " failed unexpectedly ("
                            + failure.getClass().getName() + "); the log says where.");
        }
        command.getErr().flush();
        return FAILED;
    }
}
