// SPDX-License-Identifier: Apache-2.0
package dev.spillway.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** values.schema.json: what the chart refuses. */
class SchemaTest {
    private static final JsonNode SCHEMA = Chart.yaml(Chart.FOLDER.resolve("values.schema.json"));

    /** Keys of the gateway that the chart does not have, each with a reason. */
    private static final Set<String> NOT_IN_THE_CHART = Set.of(
            // Fixed by the chart, which leads Services to them.
            "http.host",
            "http.port",
            "ops.host",
            "ops.port",
            "bots-api.host",
            "bots-api.port",
            // Not there yet in the gateway: bots outside the JVM, limits.
            "bots.<name>.allow-private",
            "bots.<name>.secret",
            "bots.<name>.secret-file",
            "bots.<name>.url",
            "limits.media.permits",
            "limits.media.window",
            "limits.text.permits",
            "limits.text.window",
            "limits.thread.permits",
            "limits.thread.window",
            "limits.total.permits",
            "limits.total.window");

    @Test
    void every_object_is_closed() {
        var open = new ArrayList<String>();
        // What a chart above this one shares is not ours to know.
        findOpen("", SCHEMA, open);

        assertThat(open).containsExactly("/properties/global");
    }

    @Test
    void it_has_every_value_and_no_other() {
        var values = Chart.yaml(Chart.FOLDER.resolve("values.yaml"));
        var properties = new TreeSet<>(names(SCHEMA.path("properties")));
        properties.remove("global");

        assertThat(properties).isEqualTo(new TreeSet<>(names(values)));
        assertThat(names(SCHEMA.at("/$defs/config/properties"))).hasSameElementsAs(names(values.path("config")));
    }

    /** A secret's key has its twin's place: where the gateway takes a text or a file, the chart takes a reference. */
    @Test
    void its_config_has_every_key_of_the_gateway_but_those_named_here() {
        var keys = new TreeSet<String>();
        collect("", SCHEMA.at("/$defs/config"), keys);
        keys.addAll(NOT_IN_THE_CHART);

        assertThat(keys)
                .isEqualTo(new TreeSet<>(ConfigurationDoc.defaults().keySet().stream()
                        .map(key -> key.substring("spillway.".length()))
                        .toList()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{replica: 2}",
                "{replicas: '2'}",
                "{replicas: -1}",
                "{image: {tags: x}}",
                "{image: {digest: 'sha256:12'}}",
                "{config: {redis: {url: 'redis://x:1'}}}",
                "{config: {redis: {uri: 'http://x:1'}}}",
                "{config: {redis: {uri: 'redis://:hunter2@x:1'}}}",
                "{config: {redis: {password: hunter2}}}",
                "{config: {redis: {password: {name: spillway, key: null}}}}",
                "{config: {redis: {durability: twice}}}",
                "{config: {redis: {mode: sentinel}}}",
                "{config: {redis: {uri: 'redis-sentinel://:hunter2@x:1'}}}",
                "{config: {redis: {sentinel: {password: hunter2}}}}",
                "{config: {redis: {tls: {ca-file: /etc/ca.pem}}}}",
                "{config: {redis: {tls: {verify: false}}}}",
                "{config: {roles: [ingest, ingest]}}",
                "{config: {roles: [console]}}",
                "{config: {roles: []}}",
                "{config: {partitions: 0}}",
                "{config: {apps: {Demo: {}}}}",
                "{config: {apps: {demo: {secrets: []}}}}",
                "{config: {apps: {demo: {secrets: [hunter2]}}}}",
                "{config: {apps: {demo: {secrets: [{name: x, key: '..'}]}}}}",
                "{config: {apps: {demo: {secrets: [{name: '../x', key: y}]}}}}",
                "{config: {pages: {shop: {app: demo, token: {name: x, key: y}}}}}",
                "{config: {pages: {'7': {app: demo}}}}",
                "{config: {bots: {shop: {kind: push}}}}",
                "{config: {bots: {echo: {kind: built-in, url: 'https://x'}}}}",
                "{config: {drain: {endpoints: 8}}}",
                "{config: {drain: {endpoints: 8 s}}}",
                "{config: {drain: {endpoints: null}}}",
                "{config: {ingest: {lanes: 2}}}",
                "{config: {stream: {window-bytes-max: 8MB}}}",
                "{config: {limits: {}}}",
                "{config: {spillway: {}}}",
                "{service: {port: 0}}",
                "{resources: {requests: {cpus: 1}}}",
                "{resources: {requests: {memory: 1 Gi}}}",
                "{jvmOptions: ['-Xmx1g -Xms1g']}",
                "{tolerations: [{key: x, operator: Sometimes}]}",
                "{podLabels: {a: 1}}",
            })
    void it_refuses(String overrides) {
        assertThatThrownBy(() -> Chart.manifests(overrides))
                .hasMessageContaining("values don't meet the specification");
    }

    @Test
    void a_chart_above_may_share_what_it_likes() {
        assertThat(Chart.manifests("{global: {region: west}}").objects()).isNotEmpty();
    }

    private static void findOpen(String path, JsonNode schema, List<String> open) {
        if (schema.path("type").asText().equals("object")
                && !schema.path("additionalProperties").toString().equals("false")) {
            open.add(path);
        }
        if (schema.isObject()) {
            schema.properties().forEach(child -> findOpen(path + "/" + child.getKey(), child.getValue(), open));
        }
        if (schema.isArray()) {
            schema.forEach(item -> findOpen(path + "/-", item, open));
        }
    }

    private static void collect(String path, JsonNode schema, Set<String> keys) {
        for (var child : schema.path("properties").properties()) {
            var key = path.isEmpty() ? child.getKey() : path + "." + child.getKey();
            var value = child.getValue();
            var named = value.path("patternProperties").properties();
            if (!named.isEmpty()) {
                var placeholder = child.getKey().equals("pages") ? ".<id>" : ".<name>";
                named.forEach(each -> collect(key + placeholder, each.getValue(), keys));
            } else if (value.has("properties")) {
                collect(key, value, keys);
            } else {
                keys.add(key);
                if (isReference(value) && !key.endsWith("-file")) {
                    keys.add(key + "-file");
                } else if (isReference(value.path("items"))) {
                    keys.add(key + "-files");
                }
            }
        }
    }

    private static boolean isReference(JsonNode schema) {
        return Set.of("#/$defs/reference", "#/$defs/optionalReference")
                .contains(schema.path("$ref").asText());
    }

    private static List<String> names(JsonNode object) {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
