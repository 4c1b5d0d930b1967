// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The signals that the platform has no Java call for, sent by the shell's own {@code kill}. */
enum Signal {
    TERM,
    INT,
    STOP,
    CONT;

    void to(long pid) {
        try {
            var kill = new ProcessBuilder("/bin/sh", "-c", "kill -\"$1\" \"$2\"", "kill", name(), Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("no process " + pid + " to send " + this + " to");
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stopped);
        }
    }
}
