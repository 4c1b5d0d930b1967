// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.cli;

/**
 * How logs look: JSON lines on standard output ({@code logback.xml}), or text on standard error ({@code
 * logback-dev.xml}). Decides only until the first logger is made.
 */
final class LogFormat {
    private static final String PROPERTY = "logback.configurationFile";

    private LogFormat() {}

    /** Text for a person, unless the user of the JVM chose a configuration of their own. */
    static void text() {
        if (System.getProperty(PROPERTY) == null) {
            System.setProperty(PROPERTY, "logback-dev.xml");
        }
    }
}
