// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import dev.spillway.gateway.cli.CommandFailure;
import dev.spillway.gateway.cli.Commands;
import dev.spillway.gateway.cli.Version;
import dev.spillway.gateway.config.Settings;
import dev.spillway.gateway.config.Tuning;
import dev.spillway.gateway.ops.BuildInfo;
import dev.spillway.gateway.stream.StoreRefused;
import java.time.Duration;

/** The entry point, started by the launcher. Has no logger: a command decides first how logs look. */
public final class Main {
    private static final Duration STOP_MARGIN = Duration.ofSeconds(30);
    private static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";
    private static final int CARRIERS_LEAST = 16;

    private Main() {}

    /** Runs the command named by the arguments, and ends the process with its exit code. */
    public static void main(String[] args) {
        raiseCarriers();
        var build = BuildInfo.current();
        var version = new Version(build.version(), build.commit(), build.java());
        var commands = Commands.of(Main::run, DevMode::run, Shelves::open, RedisDesk::open, version);
        System.exit(commands.execute(args));
    }

    /**
     * Has virtual threads run on more threads of the system than a small machine has processors: a bot that computes for
     * ever keeps one, and what else was under way could not go on. Before the first virtual thread.
     */
    static void raiseCarriers() {
        if (System.getProperty(CARRIERS) == null) {
            var processors = Runtime.getRuntime().availableProcessors();
            System.setProperty(CARRIERS, Integer.toString(Math.max(processors, CARRIERS_LEAST)));
        }
    }

    private static int run(Settings settings) throws Exception {
        var unsupported = Unsupported.in(settings);
        if (!unsupported.isEmpty()) {
            throw new CommandFailure("this version cannot do all of that:\n  " + String.join("\n  ", unsupported));
        }
        var gateway = new Gateway(settings, BuiltInBots.all());
        try {
            MainThread.result(gateway.start());
        } catch (StoreRefused refused) {
            throw new CommandFailure("Redis cannot be used as it is:\n  " + String.join("\n  ", refused.problems()));
        }
        MainThread.untilStopped(gateway::stop, stopMax(settings.drain()));
        return 0;
    }

    private static Duration stopMax(Tuning.Drain drain) {
        var steps = drain.endpoints().plus(drain.requests()).plus(drain.work()).plus(drain.sends());
        return steps.plus(STOP_MARGIN);
    }
}
