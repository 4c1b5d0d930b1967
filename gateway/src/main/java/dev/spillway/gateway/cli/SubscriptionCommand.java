// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.gateway.config.Loaded;
import dev.spillway.gateway.config.Settings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command on subscriptions: finds the configuration, opens the register, and closes it again. */
abstract class SubscriptionCommand implements Callable<Integer> {
    private final SubscriptionDesk.Opener opener;

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

    SubscriptionCommand(SubscriptionDesk.Opener opener) {
        this.opener = opener;
    }

    /** Does the work, and says what it did. */
    abstract void work(SubscriptionDesk desk, Settings settings);

    /** Refuses a wrong command line, before anything is opened. */
    void check() {}

    @Override
    public Integer call() {
        // What is logged on the way must not mix with the answer.
        LogFormat.text();
        check();
        return switch (Settings.load(file)) {
            case Loaded.Ready(var settings) -> {
                try (var desk = opener.open(settings)) {
                    work(desk, settings);
                    yield 0;
                } finally {
                    out().flush();
                }
            }
            case Loaded.Refused(var problems) -> RunCommand.refuse(spec, problems);
        };
    }

    /** The one of this name. */
    static SubscriptionDesk.Status find(SubscriptionDesk desk, String name) {
        return desk.list().stream()
                .filter(status -> status.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new CommandFailure("there is no subscription " + Escaped.text(name)
                        + ": `subscription list` says which there are"));
    }

    /** Says what was done, in both forms. */
    void done(String name, String what, int generation) {
        out().println(
                        json()
                                ? JsonNodeFactory.instance
                                        .objectNode()
                                        .put("subscription", name)
                                        .put("done", what)
                                        .put("generation", generation)
                                : what + ": " + name + ", generation " + generation);
    }

    /** That the user must say {@code --yes}, and to what. */
    ParameterException unconfirmed(String consequence) {
        return new ParameterException(spec.commandLine(), consequence + "; say --yes if that is meant");
    }

    static String text(SubscriptionDesk.Status status) {
        return String.format(
                "%s  %s  generation=%d  waiting=%d  oldest=%s  done=%d  dead=%d  skipped=%d  owners=%d",
                Escaped.text(status.name()),
                status.state(),
                status.generation(),
                status.waiting(),
                status.oldest() == null ? "-" : ageSeconds(status) + "s",
                status.done(),
                status.dead(),
                status.skipped(),
                status.owners().size());
    }

    static ObjectNode json(SubscriptionDesk.Status status) {
        var node = JsonNodeFactory.instance
                .objectNode()
                .put("name", status.name())
                .put("generation", status.generation())
                .put("state", status.state())
                .put("onFull", status.onFull())
                .put("from", status.from())
                .put("replay", status.replay())
                .put("waiting", status.waiting());
        if (status.oldest() == null) {
            node.putNull("oldestSeconds");
        } else {
            node.put("oldestSeconds", ageSeconds(status));
        }
        node.put("done", status.done())
                .put("dead", status.dead())
                .put("skipped", status.skipped())
                .put("filtered", status.filtered());
        var owners = node.putObject("owners");
        status.owners().forEach(owners::put);
        return node;
    }

    private static long ageSeconds(SubscriptionDesk.Status status) {
        var oldest = status.oldest();
        return oldest == null
                ? 0
                : Math.max(
                        0, Duration.between(oldest, Clock.systemUTC().instant()).toSeconds());
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
