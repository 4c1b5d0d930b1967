// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

/** A contender cannot take part; the message says why. */
final class Skipped extends Exception {
    private static final long serialVersionUID = 1L;

    Skipped(String reason) {
        super(reason);
    }
}
