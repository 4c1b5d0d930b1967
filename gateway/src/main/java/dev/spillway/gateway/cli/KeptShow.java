// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "Shows one of them, with its body.",
        footer = {
            "",
            "A body comes from outside: whatever a terminal could take for an order is shown as \\xNN.",
            "It may hold what people wrote."
        })
final class KeptShow extends KeptCommand {
    private final OutputStream bytes;

    @Parameters(paramLabel = "ID", description = "Which one, as list names it.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String id;

    @Option(names = "--raw", description = "Writes the body alone, byte for byte.")
    private boolean raw;

    KeptShow(KeptItems.Opener opener, KeptItems.Kind kind, OutputStream bytes) {
        super(opener, kind);
        this.bytes = bytes;
    }

    @Override
    void check() {
        if (raw && json()) {
            throw new ParameterException(spec().commandLine(), "--raw or --json, not both");
        }
    }

    @Override
    int work(KeptItems items) {
        var item = items.find(id).orElseThrow(() -> unknown(id));
        if (raw) {
            write(item.body());
        } else if (json()) {
            out().println(KeptList.json(item).put("bodyBase64", item.body()));
        } else {
            out().println(KeptList.text(item));
            out().println(Escaped.text(item.body()));
        }
        return 0;
    }

    private void write(byte[] body) {
        try {
            bytes.write(body);
            bytes.flush();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
