// SPDX-License-Identifier: Apache-2.0
package dev.spillway.helm;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The spillway.yaml that the chart makes. */
class ConfigurationTest {
    @ParameterizedTest
    @MethodSource("dev.spillway.helm.Chart#valueSets")
    void the_gateway_knows_every_key(Path values) {
        var configuration = Chart.manifests(values).configuration();

        assertThat(keys(configuration))
                .isNotEmpty()
                .isSubsetOf(ConfigurationDoc.defaults().keySet());
    }

    @Test
    void every_value_of_the_tree_arrives() {
        var values = Leaves.of(Chart.yaml(Chart.valueSet("everything")).path("config"));
        var configuration = Leaves.of(
                Chart.manifests(Chart.valueSet("everything")).configuration().path("spillway"));

        values.forEach((key, value) -> {
            if (!isReference(key)) {
                assertThat(text(configuration.get(key))).as(key).isEqualTo(text(value));
            }
        });
    }

    @Test
    void a_reference_to_a_secret_becomes_the_file_that_is_mounted_from_it() {
        var manifests = Chart.manifests(Chart.valueSet("everything"));
        var spillway = manifests.configuration().path("spillway");

        assertThat(spillway.at("/redis/password-file").asText()).isEqualTo("/etc/spillway/secrets/redis/password");
        assertThat(spillway.at("/redis/sentinel/password-file").asText())
                .isEqualTo("/etc/spillway/secrets/sentinel/password");
        assertThat(spillway.at("/redis/tls/ca-file").asText()).isEqualTo("/etc/spillway/secrets/redis-tls/ca.crt");
        assertThat(spillway.at("/ops/token-file").asText()).isEqualTo("/etc/spillway/secrets/ops/token");
        assertThat(spillway.at("/apps/demo/secrets-files"))
                .extracting(JsonNode::asText)
                .containsExactly("/etc/spillway/secrets/demo-app/new", "/etc/spillway/secrets/demo-app/old");
        assertThat(spillway.at("/apps/demo/verify-token-file").asText())
                .isEqualTo("/etc/spillway/secrets/demo-app/verify-token");
        assertThat(spillway.at("/pages/0100200300400501/token-file").asText())
                .isEqualTo("/etc/spillway/secrets/pages/second");
    }

    @ParameterizedTest
    @MethodSource("dev.spillway.helm.Chart#valueSets")
    void every_secret_file_is_mounted_and_no_other_key_is(Path values) {
        var manifests = Chart.manifests(values);

        assertThat(mounted(manifests)).isEqualTo(named(manifests.configuration()));
    }

    /** Not key by key: such a mount never sees a changed Secret. */
    @ParameterizedTest
    @MethodSource("dev.spillway.helm.Chart#valueSets")
    void secrets_are_mounted_as_folders(Path values) {
        for (var mount : Chart.manifests(values).container().path("volumeMounts")) {
            if (mount.path("mountPath").asText().startsWith("/etc/spillway/secrets/")) {
                assertThat(mount.has("subPath")).isFalse();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.spillway.helm.Chart#valueSets")
    void no_object_is_a_secret_and_no_key_holds_one(Path values) {
        var manifests = Chart.manifests(values);

        assertThat(manifests.ofKind("Secret")).isEmpty();
        assertThat(keys(manifests.configuration()))
                .noneMatch(key -> key.matches(".*\\.(secrets|secret|token|verify-token|password)"));
    }

    @Test
    void page_ids_stay_the_text_they_are() {
        var text = Chart.manifests(Chart.valueSet("everything"))
                .one("ConfigMap")
                .at("/data/spillway.yaml")
                .asText();

        assertThat(text).contains("\"100200300400500\":", "\"0100200300400501\":");
    }

    @Test
    void a_large_number_is_written_out() {
        assertThat(Chart.manifests(Chart.valueSet("everything"))
                        .one("ConfigMap")
                        .at("/data/spillway.yaml")
                        .asText())
                .contains("in-flight-events-max: 10000000\n");
    }

    @Test
    void what_is_empty_is_left_to_the_gateways_defaults() {
        var spillway =
                Chart.manifests(Chart.valueSet("workers")).configuration().path("spillway");

        for (var section : new String[] {"ingest", "stream", "worker", "dispatch", "apps", "pages", "bots"}) {
            assertThat(spillway.has(section)).as(section).isFalse();
        }
        assertThat(spillway.path("redis").has("username")).isFalse();
        assertThat(spillway.path("redis").has("sentinel")).isFalse();
        assertThat(spillway.path("redis").has("tls")).isFalse();
    }

    @Test
    void the_charts_defaults_are_the_gateways() {
        var documented = ConfigurationDoc.defaults();
        var config = Leaves.of(Chart.yaml(Chart.FOLDER.resolve("values.yaml")).path("config"));

        config.forEach((key, value) -> {
            if (value.isValueNode() && !value.asText().isEmpty()) {
                assertThat(value.asText()).as(key).isEqualTo(documented.get("spillway." + key));
            }
        });
        assertThat(config.get("roles")).extracting(JsonNode::asText).containsExactly("ingest", "worker", "dispatch");
    }

    /** The keys as docs/configuration.md writes them. */
    private static Set<String> keys(JsonNode configuration) {
        return Leaves.of(configuration).keySet().stream()
                .map(key -> key.replaceFirst("^spillway\\.(apps|bots)\\.[^.]+", "spillway.$1.<name>"))
                .map(key -> key.replaceFirst("^spillway\\.pages\\.[^.]+", "spillway.pages.<id>"))
                .collect(toSet());
    }

    /** A number and the same number as text are one: the gateway reads both alike. */
    private static String text(@Nullable JsonNode node) {
        return node == null ? "nothing" : node.isValueNode() ? node.asText() : node.toString();
    }

    private static boolean isReference(String key) {
        return key.endsWith(".secrets") || key.matches(".*\\.(verify-token|token|password|[a-z]+-file)\\.(name|key)");
    }

    private static Set<String> named(JsonNode configuration) {
        var files = new HashSet<String>();
        for (Map.Entry<String, JsonNode> leaf : Leaves.of(configuration).entrySet()) {
            if (leaf.getKey().endsWith("-file")) {
                files.add(leaf.getValue().asText());
            } else if (leaf.getKey().endsWith("-files")) {
                leaf.getValue().forEach(file -> files.add(file.asText()));
            }
        }
        return files;
    }

    private static Set<String> mounted(Manifests manifests) {
        var files = new HashSet<String>();
        for (var mount : manifests.container().path("volumeMounts")) {
            for (var volume : manifests.pod().at("/spec/volumes")) {
                if (volume.path("name").equals(mount.path("name"))) {
                    volume.at("/secret/items")
                            .findValuesAsText("path")
                            .forEach(path -> files.add(mount.path("mountPath").asText() + "/" + path));
                }
            }
        }
        return files;
    }
}
