// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

/** Ends a command with exit code 1 and a sentence for its user: what went wrong, and what to do. Never with a secret. */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    public CommandFailure(String sentence) {
        // The user is shown the sentence and nothing else, so that no stack is needed.
        super(sentence, null, false, false);
        this.sentence = sentence;
    }

    String sentence() {
        return sentence;
    }
}
