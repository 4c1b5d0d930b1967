// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

import org.slf4j.LoggerFactory;

/** A program of the commands alone, for {@link CommandsIT}: what it runs is a log line. */
final class ProcessMain {
    private ProcessMain() {}

    public static void main(String[] arguments) {
        var commands = Commands.of(
                settings -> {
                    LoggerFactory.getLogger(ProcessMain.class)
                            .atInfo()
                            .addKeyValue("token", settings.ops().token())
                            .log("running");
                    return 0;
                },
                options -> {
                    LoggerFactory.getLogger(ProcessMain.class).atInfo().log("developing");
                    return 0;
                },
                (settings, kind) -> {
                    throw new CommandFailure("nothing is kept here");
                },
                settings -> {
                    throw new CommandFailure("nobody subscribes here");
                },
                new Version("1.2", "abc", "25"));
        System.exit(commands.execute(arguments));
    }
}
