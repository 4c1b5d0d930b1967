// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

/** The signals that the platform has no Java call for, sent by the shell's own {@code kill}. */
enum Signal {
    TERM,
    INT,
    STOP,
    CONT;

    private static final Duration STANDSTILL_WITHIN = Duration.ofSeconds(20);

    void to(long pid) {
        try {
            var kill = new ProcessBuilder("/bin/sh", "-c", "kill -\"$1\" \"$2\"", "kill", name(), Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("no process " + pid + " to send " + this + " to");
            }
            if (this == STOP) {
                awaitStandstill(pid);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stopped);
        }
    }

    // It is sent, but each thread goes on until the system gets to it.
    private static void awaitStandstill(long pid) throws IOException, InterruptedException {
        var tasks = Path.of("/proc", Long.toString(pid), "task");
        var deadline = System.nanoTime() + STANDSTILL_WITHIN.toNanos();
        while (Files.isDirectory(tasks) && !allStandStill(tasks)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("process " + pid + " does not stop");
            }
            Thread.sleep(5);
        }
    }

    private static boolean allStandStill(Path tasks) throws IOException {
        try (var threads = Files.list(tasks)) {
            for (var thread : threads.toList()) {
                // The state comes after the name, which stands in brackets and may hold anything.
                var stat = Files.readString(thread.resolve("stat"));
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        } catch (NoSuchFileException ended) {
            return false; // A thread that has just ended: look again.
        }
    }
}
