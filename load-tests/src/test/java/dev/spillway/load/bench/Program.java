// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.io.IOException;

/** A program that measures, told by system properties; see {@code load-tests/README.md}. */
@FunctionalInterface
interface Program {
    /** Runs to its end; false if something is wrong with what was measured. */
    boolean run(BenchSettings settings) throws IOException, InterruptedException, Skipped;

    /** Runs it and ends the process: with 0, or with 1 when it could not or says no. {@code what} is its name in a sentence. */
    static void main(String what, Program program) {
        try {
            System.exit(program.run(BenchSettings.of(System.getProperties())) ? 0 : 1);
        } catch (IllegalArgumentException | Skipped wrong) {
            System.err.println(wrong.getMessage());
            System.exit(1);
        } catch (IOException | InterruptedException failed) {
            System.err.println("The " + what + " failed: " + failed.getMessage());
            System.exit(1);
        }
    }
}
