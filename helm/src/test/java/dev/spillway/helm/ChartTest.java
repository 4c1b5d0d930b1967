// SPDX-License-Identifier: Apache-2.0
package dev.spillway.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChartTest {
    @Test
    void helm_lint_has_nothing_to_say_even_when_strict() {
        var lint = Chart.helm().lint().strict().call();

        assertThat(lint.isFailed()).as("%s", lint.getMessages()).isFalse();
        assertThat(lint.getMessages())
                .noneMatch(message -> message.contains("[ERROR]") || message.contains("[WARNING]"));
    }

    @ParameterizedTest
    @MethodSource("dev.spillway.helm.Chart#valueSets")
    void the_same_values_give_the_same_bytes(Path values) {
        assertThat(Chart.render(values)).isEqualTo(Chart.render(values));
    }

    @ParameterizedTest
    @MethodSource("dev.spillway.helm.Chart#valueSets")
    void every_supported_cluster_gets_the_same(Path values) {
        assertThat(Chart.renderFor("1.27.0", Chart.helm(), values))
                .isEqualTo(Chart.renderFor("1.36.3", Chart.helm(), values))
                .isEqualTo(Chart.renderFor("1.34.1-gke.1829001", Chart.helm(), values));
        assertThatThrownBy(() -> Chart.renderFor("1.26.9", Chart.helm(), values))
                .hasMessageContaining("requires kubeVersion");
    }

    @ParameterizedTest
    @MethodSource("dev.spillway.helm.Chart#valueSets")
    void every_object_stands_in_the_namespace_of_the_release_and_carries_the_labels(Path values) {
        var objects = Chart.manifests(values).objects();

        assertThat(objects).hasSizeGreaterThanOrEqualTo(3).allSatisfy(object -> {
            assertThat(object.at("/metadata/namespace").asText()).isEqualTo("bots");
            assertThat(object.at("/metadata/labels/app.kubernetes.io~1instance").asText())
                    .isEqualTo(Chart.RELEASE);
            assertThat(object.at("/metadata/labels/app.kubernetes.io~1managed-by")
                            .asText())
                    .isEqualTo("Helm");
        });
    }

    @ParameterizedTest
    @MethodSource("dev.spillway.helm.Chart#valueSets")
    void every_selector_finds_the_pods(Path values) {
        var manifests = Chart.manifests(values);
        var pod = manifests.pod().at("/metadata/labels");

        assertThat(manifests.ofKind("Service"))
                .isNotEmpty()
                .allSatisfy(service -> assertPart(service.at("/spec/selector"), pod));
        assertThat(manifests.ofKind("PodDisruptionBudget"))
                .allSatisfy(budget -> assertPart(budget.at("/spec/selector/matchLabels"), pod));
        assertPart(manifests.one("Deployment").at("/spec/selector/matchLabels"), pod);
    }

    /** A Deployment's selector cannot be changed, so nothing that an upgrade changes may be in it. */
    @Test
    void the_selector_is_made_of_name_instance_and_component_only() {
        var selector = Chart.manifests("{}").one("Deployment").at("/spec/selector/matchLabels");

        assertThat(selector.properties())
                .extracting(entry -> entry.getKey() + "=" + entry.getValue().asText())
                .containsExactlyInAnyOrder(
                        "app.kubernetes.io/name=spillway",
                        "app.kubernetes.io/instance=flood",
                        "app.kubernetes.io/component=gateway");
    }

    @ParameterizedTest
    @MethodSource("dev.spillway.helm.Chart#valueSets")
    void every_port_of_a_service_leads_to_a_port_of_the_pods(Path values) {
        var manifests = Chart.manifests(values);
        var names = manifests.container().path("ports").findValuesAsText("name");

        assertThat(manifests.ofKind("Service")).allSatisfy(service -> assertThat(names)
                .contains(service.at("/spec/ports/0/targetPort").asText()));
    }

    @Test
    void the_public_service_leads_to_the_port_of_webhooks_and_the_other_to_the_port_of_operators() {
        var manifests = Chart.manifests("{}");
        var configuration = manifests.configuration();

        assertThat(port(manifests, "flood-spillway"))
                .isEqualTo(configuration.at("/spillway/http/port").asInt());
        assertThat(port(manifests, "flood-spillway-ops"))
                .isEqualTo(configuration.at("/spillway/ops/port").asInt());
        assertThat(port(manifests, "flood-spillway")).isNotEqualTo(port(manifests, "flood-spillway-ops"));
    }

    @Test
    void processes_that_take_no_webhooks_have_no_public_service() {
        var services = Chart.manifests(Chart.valueSet("workers")).ofKind("Service");

        assertThat(services).singleElement().satisfies(service -> assertThat(
                        service.at("/metadata/name").asText())
                .endsWith("-ops"));
    }

    @Test
    void a_budget_for_disruptions_is_made_for_two_replicas_and_more() {
        assertThat(Chart.manifests("{replicas: 1}").ofKind("PodDisruptionBudget"))
                .isEmpty();
        assertThat(Chart.manifests("{replicas: 2}")
                        .one("PodDisruptionBudget")
                        .at("/spec/maxUnavailable")
                        .asInt())
                .isEqualTo(1);
        assertThat(Chart.manifests("{replicas: 2, podDisruptionBudget: {enabled: false}}")
                        .ofKind("PodDisruptionBudget"))
                .isEmpty();
    }

    @Test
    void what_is_required_is_asked_for_by_name() {
        assertThatThrownBy(() -> Chart.manifests("{image: {repository: ''}}"))
                .hasMessageContaining("image.repository is required");
        assertThatThrownBy(() -> Chart.manifests("{config: {redis: {uri: ''}}}"))
                .hasMessageContaining("config.redis.uri is required");
    }

    @Test
    void the_chart_installs_the_version_of_this_build() throws IOException {
        var version = Files.readString(Path.of("pom.xml")).split("<version>|</version>", 3)[1];

        assertThat(Chart.yaml(Chart.FOLDER.resolve("Chart.yaml"))
                        .path("appVersion")
                        .asText())
                .isEqualTo(version);
        assertThat(Chart.manifests("{}").container().path("image").asText())
                .isEqualTo("registry.example/spillway:" + version);
    }

    @Test
    void a_digest_wins_over_a_tag() {
        assertThat(Chart.manifests(Chart.valueSet("everything"))
                        .container()
                        .path("image")
                        .asText())
                .startsWith("registry.example/spillway@sha256:");
    }

    private static int port(Manifests manifests, String service) {
        var target = manifests.ofKind("Service").stream()
                .filter(one -> one.at("/metadata/name").asText().equals(service))
                .findFirst()
                .orElseThrow()
                .at("/spec/ports/0/targetPort")
                .asText();
        for (var port : manifests.container().path("ports")) {
            if (port.path("name").asText().equals(target)) {
                return port.path("containerPort").asInt();
            }
        }
        throw new AssertionError("no port " + target);
    }

    private static void assertPart(JsonNode selector, JsonNode labels) {
        assertThat(selector.isEmpty()).isFalse();
        assertThat(labels.properties()).containsAll(selector.properties());
    }
}
