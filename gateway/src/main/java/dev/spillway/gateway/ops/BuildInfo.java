// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ops;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * Which Spillway this is.
 *
 * @param commit the commit it was built from, or {@code unknown}: the build is told by {@code -Dspillway.commit=…}
 * @param java the version of the running JVM
 */
public record BuildInfo(String version, String commit, String java) {
    private static final String UNKNOWN = "unknown";

    /** As the build wrote it down. */
    public static BuildInfo current() {
        try (var stream = BuildInfo.class.getResourceAsStream("/spillway-build.properties")) {
            var written = new Properties();
            if (stream != null) {
                written.load(stream);
            }
            return new BuildInfo(
                    value(written, "version"),
                    value(written, "commit"),
                    Runtime.version().toString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** A placeholder that nobody filled is left as it is by the build. */
    private static String value(Properties written, String name) {
        var value = written.getProperty(name, UNKNOWN);
        return value.isEmpty() || value.startsWith("${") ? UNKNOWN : value;
    }
}
