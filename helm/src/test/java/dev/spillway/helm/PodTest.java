// SPDX-License-Identifier: Apache-2.0
package dev.spillway.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every pod keeps to, whatever the values. */
class PodTest {
    /** Kubernetes' standard "restricted", and more: a root that cannot be written to, and no token. */
    @ParameterizedTest
    @MethodSource("dev.spillway.helm.Chart#valueSets")
    void every_pod_is_restricted(Path values) {
        var spec = Chart.manifests(values).pod().path("spec");
        var all = spec.path("securityContext");

        assertThat(all.path("runAsNonRoot").asBoolean()).isTrue();
        assertThat(all.path("runAsUser").asInt()).isEqualTo(65532);
        assertThat(all.at("/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
        assertThat(spec.path("automountServiceAccountToken")).hasToString("false");
        assertThat(spec.path("enableServiceLinks")).hasToString("false");
        assertThat(spec.path("containers")).isNotEmpty().allSatisfy(container -> {
            var own = container.path("securityContext");
            assertThat(own.path("allowPrivilegeEscalation")).hasToString("false");
            assertThat(own.path("readOnlyRootFilesystem").asBoolean()).isTrue();
            assertThat(own.at("/capabilities/drop")).hasToString("[\"ALL\"]");
            assertThat(own.at("/capabilities/add").isMissingNode()).isTrue();
            assertThat(own.has("privileged")).isFalse();
        });
        for (var field : new String[] {"hostNetwork", "hostPID", "hostIPC", "initContainers", "serviceAccountName"}) {
            assertThat(spec.has(field)).as(field).isFalse();
        }
        assertThat(spec.path("volumes")).isNotEmpty().allSatisfy(volume -> assertThat(
                        volume.has("configMap") || volume.has("secret") || volume.has("emptyDir"))
                .as("%s", volume)
                .isTrue());
    }

    @ParameterizedTest
    @MethodSource("dev.spillway.helm.Chart#valueSets")
    void only_tmp_can_be_written_and_not_without_a_bound(Path values) {
        var manifests = Chart.manifests(values);

        for (var mount : manifests.container().path("volumeMounts")) {
            var writable = !mount.path("readOnly").asBoolean();
            assertThat(writable)
                    .as("%s", mount)
                    .isEqualTo(mount.path("mountPath").asText().equals("/tmp"));
        }
        for (var volume : manifests.pod().at("/spec/volumes")) {
            if (volume.has("emptyDir")) {
                assertThat(volume.at("/emptyDir/sizeLimit").asText()).isEqualTo("64Mi");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.spillway.helm.Chart#valueSets")
    void the_probes_ask_the_port_of_operators_and_each_its_own_question(Path values) {
        var container = Chart.manifests(values).container();

        assertThat(container.at("/startupProbe/httpGet")).isEqualTo(ask("/startupz"));
        assertThat(container.at("/livenessProbe/httpGet")).isEqualTo(ask("/livez"));
        assertThat(container.at("/readinessProbe/httpGet")).isEqualTo(ask("/readyz"));
    }

    /** Otherwise a leaving pod stops serving while connections are still sent to it. */
    @Test
    void a_leaving_pod_is_noticed_before_it_stops_to_serve() {
        var manifests = Chart.manifests("{}");
        var probe = manifests.container().path("readinessProbe");
        var noticed = probe.path("periodSeconds").asInt()
                * probe.path("failureThreshold").asInt();

        assertThat(manifests.configuration().at("/spillway/drain/endpoints").asText())
                .isEqualTo("8s");
        assertThat(noticed).isLessThan(8);
    }

    @Test
    void a_start_may_take_two_minutes() {
        var probe = Chart.manifests("{}").container().path("startupProbe");

        assertThat(probe.path("periodSeconds").asInt()
                        * probe.path("failureThreshold").asInt())
                .isEqualTo(120);
    }

    /** The sum, rounded up, and 17 s for what has no step of its own. */
    @ParameterizedTest
    @CsvSource({
        "8s, 15s, 10s, 10s, 60",
        "0s, 0s, 0s, 0s, 17",
        "500ms, 0s, 0s, 0s, 18",
        "1ms, 999ms, 1s, 0ms, 19",
        "2m, 2m, 10m, 2m, 977",
        "0s, 0s, 1h, 0s, 3617",
    })
    void the_grace_period_covers_every_step_of_draining(
            String endpoints, String requests, String work, String sends, int seconds) {
        var drain = "{endpoints: %s, requests: %s, work: %s, sends: %s}".formatted(endpoints, requests, work, sends);
        var pod = Chart.manifests("{config: {drain: " + drain + "}}").pod();

        assertThat(pod.at("/spec/terminationGracePeriodSeconds").asInt()).isEqualTo(seconds);
    }

    @Test
    void memory_is_promised_in_full_and_cpu_is_not_capped() {
        var resources = Chart.manifests("{}").container().path("resources");

        assertThat(resources.at("/requests/memory")).isEqualTo(resources.at("/limits/memory"));
        assertThat(resources.at("/requests/cpu").asText()).isEqualTo("1");
        assertThat(resources.at("/limits/cpu").isMissingNode()).isTrue();
    }

    /** Without a limit a JVM in a pod counts all processors of its node. */
    @ParameterizedTest
    @CsvSource({"1, 1", "'\"2\"', 2", "1500m, 2", "100m, 1", "0.5, 1", "2.5, 3"})
    void the_jvm_counts_on_the_processors_that_the_pod_asks_for(String cpu, int processors) {
        var container =
                Chart.manifests("{resources: {requests: {cpu: " + cpu + "}}}").container();

        assertThat(jvmOptions(container)).contains("-XX:ActiveProcessorCount=" + processors);
    }

    @Test
    void the_jvm_is_left_to_count_when_the_pod_asks_for_no_processor() {
        assertThat(jvmOptions(Chart.manifests(Chart.valueSet("workers")).container()))
                .doesNotContain("ActiveProcessorCount");
    }

    @Test
    void the_jvm_leaves_room_beside_its_heap() {
        assertThat(jvmOptions(Chart.manifests("{}").container()))
                .contains("-XX:MaxRAMPercentage=60", "-XX:MaxDirectMemorySize=128m");
    }

    @Test
    void pods_spread_over_zones_and_nodes_without_insisting() {
        var spread = Chart.manifests("{}").pod().at("/spec/topologySpreadConstraints");

        assertThat(spread.findValuesAsText("topologyKey"))
                .containsExactly("topology.kubernetes.io/zone", "kubernetes.io/hostname");
        assertThat(spread.findValuesAsText("whenUnsatisfiable")).containsOnly("ScheduleAnyway");
    }

    @Test
    void a_new_configuration_means_new_pods_and_a_change_elsewhere_does_not() {
        var checksum = checksum("{}");

        assertThat(checksum("{replicas: 4}")).isEqualTo(checksum);
        assertThat(checksum("{config: {worker: {concurrency: 9}}}")).isNotEqualTo(checksum);
    }

    @Test
    void pods_run_the_gateway_with_the_mounted_configuration() {
        var container = Chart.manifests("{}").container();

        assertThat(container.path("args"))
                .extracting(JsonNode::asText)
                .containsExactly("run", "--config", "/etc/spillway/config/spillway.yaml");
        assertThat(container.path("volumeMounts").findValuesAsText("mountPath")).contains("/etc/spillway/config");
    }

    private static String checksum(String overrides) {
        return Chart.manifests(overrides)
                .pod()
                .at("/metadata/annotations/checksum~1config")
                .asText();
    }

    private static String jvmOptions(JsonNode container) {
        assertThat(container.at("/env/0/name").asText()).isEqualTo("JAVA_TOOL_OPTIONS");
        return container.at("/env/0/value").asText();
    }

    private static JsonNode ask(String path) {
        return Chart.yaml("{path: " + path + ", port: ops}");
    }
}
