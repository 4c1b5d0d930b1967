// SPDX-License-Identifier: Apache-2.0
package dev.spillway.helm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The table of keys in docs/configuration.md: what the gateway understands, held to its code by the gateway's tests. */
final class ConfigurationDoc {
    private static final Path FILE = Path.of("..", "docs", "configuration.md");
    private static final Pattern ROW = Pattern.compile("\\| `(spillway\\.[^`]+)` \\| [^|]+ \\| ([^|]+) \\|.*");

    private ConfigurationDoc() {}

    /** Every key as it is written there, with {@code <name>} and {@code <id>}, and its default. */
    static Map<String, String> defaults() {
        var keys = new TreeMap<String, String>();
        try {
            for (var line : Files.readAllLines(FILE)) {
                var row = ROW.matcher(line);
                if (row.matches()) {
                    keys.put(row.group(1), row.group(2).replace("`", ""));
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return keys;
    }
}
