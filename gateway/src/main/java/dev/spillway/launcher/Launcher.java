// SPDX-License-Identifier: Apache-2.0
package dev.spillway.launcher;

import java.lang.reflect.InvocationTargetException;

/** Says in one sentence when the JVM is too old, and otherwise starts Spillway. Compiled for Java 8, so that it can. */
public final class Launcher {
    private static final int OLDEST = 21;

    private Launcher() {}

    /** Checks the JVM, then hands the arguments on. Exits with 3 when the JVM is too old. */
    public static void main(String[] args) throws Throwable {
        int running = feature(System.getProperty("java.specification.version"));
        if (running < OLDEST) {
            System.err.println("Spillway needs Java " + OLDEST + " or newer, and this is Java " + running + " ("
                    + System.getProperty("java.home") + "): start it with a newer java.");
            System.exit(3);
        }
        try {
            Class.forName("dev.spillway.gateway.Main")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) args);
        } catch (InvocationTargetException failed) {
            throw failed.getCause();
        }
    }

    /** The feature number of a specification version: 8 for "1.8", 21 for "21". */
    static int feature(String specification) {
        String feature = specification.startsWith("1.") ? specification.substring(2) : specification;
        return Integer.parseInt(feature);
    }
}
