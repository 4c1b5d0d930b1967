// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ConfigurationDocTest {
    private static final Path DOC = Path.of("..", "docs", "configuration.md");
    private static final Pattern LAST_COLUMN = Pattern.compile("(\\| `spillway\\..* \\|) ([^|]+) \\|");

    @Test
    void the_table_has_every_key_with_its_bounds_default_and_variable_and_no_other() throws IOException {
        var rows = Files.readString(DOC)
                .lines()
                .filter(line -> line.startsWith("| `spillway."))
                .map(ConfigurationDocTest::withoutWords)
                .toList();

        assertThat(rows).containsExactlyElementsOf(KeyTable.rows());
    }

    @Test
    void the_example_is_the_one_that_is_tested() throws IOException {
        assertThat(Files.readString(DOC)).contains("```yaml\n" + Resources.text("spillway-example.yaml") + "```\n");
    }

    private static String withoutWords(String row) {
        var columns = LAST_COLUMN.matcher(row);
        assertThat(columns.matches()).as("has a last column in words: %s", row).isTrue();
        return columns.group(1);
    }
}
