// SPDX-License-Identifier: Apache-2.0
package dev.spillway.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The README and values.yaml say the same. */
class ValuesDocTest {
    private static final Path VALUES = Chart.FOLDER.resolve("values.yaml");
    private static final Path README = Path.of("README.md");

    @Test
    void every_value_has_a_comment() throws IOException {
        var comments = ValuesTable.comments(Files.readAllLines(VALUES));

        assertThat(Leaves.of(Chart.yaml(VALUES)).keySet())
                .allSatisfy(leaf -> assertThat(comments.get(leaf)).as(leaf).isNotBlank());
    }

    @Test
    void the_table_of_the_readme_is_the_one_made_from_the_values() throws IOException {
        var table = ValuesTable.rows(Files.readAllLines(VALUES), Chart.yaml(VALUES));

        assertThat(rows(Files.readAllLines(README))).containsExactlyElementsOf(table);
    }

    @Test
    void the_readmes_first_values_are_the_ones_that_are_tested() throws IOException {
        assertThat(Files.readString(README))
                .contains("```yaml\n" + Files.readString(Chart.valueSet("first")) + "```\n");
    }

    private static List<String> rows(List<String> lines) {
        var start = lines.indexOf("| Value | Default | Meaning |");
        return lines.stream()
                .skip(start)
                .takeWhile(line -> line.startsWith("|"))
                .toList();
    }
}
