// SPDX-License-Identifier: Apache-2.0
package dev.spillway.helm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** What the chart renders, object by object. */
record Manifests(List<JsonNode> objects) {
    static Manifests of(String rendered) {
        return new Manifests(Chart.documents(rendered));
    }

    List<JsonNode> ofKind(String kind) {
        return objects.stream()
                .filter(object -> object.path("kind").asText().equals(kind))
                .toList();
    }

    JsonNode one(String kind) {
        var found = ofKind(kind);
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " objects of kind " + kind + " (expected: 1)");
        }
        return found.getFirst();
    }

    /** The template of the only pods there are. */
    JsonNode pod() {
        return one("Deployment").at("/spec/template");
    }

    JsonNode container() {
        return pod().at("/spec/containers/0");
    }

    /** What the gateway reads, in YAML. */
    JsonNode configuration() {
        return Chart.yaml(one("ConfigMap").at("/data/spillway.yaml").asText());
    }
}
