// SPDX-License-Identifier: Apache-2.0
/**
 * The commands of the program.
 *
 * <p>Promise: every command has {@code --help}; an answer goes to standard output and a trouble to standard error, in a
 * sentence and without a stack trace; the exit code is 0 for success, 1 for a failure, 2 for a wrong command line or
 * configuration. Start reading at {@link Commands}.
 */
@NullMarked
package dev.spillway.gateway.cli;

import org.jspecify.annotations.NullMarked;
