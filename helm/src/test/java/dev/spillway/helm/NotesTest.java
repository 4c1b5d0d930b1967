// SPDX-License-Identifier: Apache-2.0
package dev.spillway.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an installation prints. The engine renders NOTES.txt only against a cluster, so a copy of the chart has it as an
 * object.
 */
class NotesTest {
    private static final String AS_OBJECT = """
        kind: Notes
        text: {{ tpl (.Files.Get "NOTES.txt") . | toJson }}
        """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    @Test
    void they_lead_to_the_next_step_and_warn_of_what_is_risky() throws IOException {
        assertThat(notes("first"))
                .contains("rollout status deployment/flood-spillway")
                .contains("port-forward service/flood-spillway-ops 8081:8081")
                .contains("https://your.host/webhooks/demo as the callback URL of the app demo")
                .contains("WARNING: one replica", "WARNING: no config.ops.token")
                .doesNotContain("config.apps is empty", "config.bots is empty", "durability");
    }

    @Test
    void processes_without_webhooks_have_nothing_to_give_the_platform() throws IOException {
        assertThat(notes("workers"))
                .contains("2 process(es) of worker, dispatch", "config.apps is empty", "config.bots is empty")
                .doesNotContain("callback URL", "one replica");
    }

    @Test
    void less_than_full_durability_is_said() throws IOException {
        assertThat(notes("everything"))
                .contains("WARNING: durability everysec")
                .contains("webhooks/demo", "webhooks/other", "service/the-dam-ops 8081:9091")
                .doesNotContain("no config.ops.token");
    }

    private String notes(String values) throws IOException {
        var templates = Files.createDirectories(folder.resolve("templates"));
        for (var name : new String[] {"Chart.yaml", "values.yaml", "values.schema.json", "templates/_helpers.tpl"}) {
            Files.copy(Chart.FOLDER.resolve(name), folder.resolve(name));
        }
        Files.copy(Chart.FOLDER.resolve("templates/NOTES.txt"), folder.resolve("NOTES.txt"));
        Files.writeString(templates.resolve("notes.yaml"), AS_OBJECT);
        var rendered = Chart.render(new Helm(folder), Chart.valueSet(values));
        return Manifests.of(rendered).one("Notes").path("text").asText();
    }
}
