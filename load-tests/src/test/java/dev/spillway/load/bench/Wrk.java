// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** wrk: a closed loop, one thread, each connection sending its next request when the last was answered. */
final class Wrk {
    private static final long PATIENCE_SECONDS = 30;

    private final Path program;
    private final Path folder;
    private final Path script;

    Wrk(Path program, Path folder) throws IOException {
        this.program = program;
        this.folder = folder;
        this.script = folder.resolve("wrk.lua");
        try (var in = Wrk.class.getResourceAsStream("/bench/wrk.lua")) {
            if (in == null) {
                throw new IOException("no wrk.lua on the class path");
            }
            Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    WrkResult run(int port, int connections, int seconds, Path requests) throws IOException, InterruptedException {
        var output = Child.run(
                "wrk",
                folder,
                List.of(
                        program.toString(),
                        "--threads",
                        "1",
                        "--connections",
                        Integer.toString(connections),
                        "--duration",
                        seconds + "s",
                        "--latency",
                        "--script",
                        script.toString(),
                        "http://127.0.0.1:" + port,
                        "--",
                        requests.toString()),
                seconds + PATIENCE_SECONDS);
        return WrkResult.of(output);
    }
}
