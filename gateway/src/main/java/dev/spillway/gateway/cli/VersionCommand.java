// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "version", description = "Says which Spillway this is.")
final class VersionCommand implements Runnable {
    private final Version version;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(names = "--json", description = "Answers in JSON.")
    private boolean json;

    VersionCommand(Version version) {
        this.version = version;
    }

    @Override
    public void run() {
        var out = spec.commandLine().getOut();
        out.println(json ? asJson() : asText());
        out.flush();
    }

    private String asText() {
        return "Spillway " + version.version() + " (commit " + version.commit() + ", Java " + version.java() + ")";
    }

    private String asJson() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("version", version.version())
                .put("commit", version.commit())
                .put("java", version.java())
                .toString();
    }
}
