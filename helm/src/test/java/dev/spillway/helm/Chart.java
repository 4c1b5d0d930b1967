// SPDX-License-Identifier: Apache-2.0
package dev.spillway.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The chart of this module, as Helm sees it. The working directory is the module's. */
final class Chart {
    static final Path FOLDER = Path.of("spillway");
    static final String RELEASE = "flood";
    private static final String NAMESPACE = "bots";
    private static final String KUBERNETES = "1.34.0";
    private static final YAMLMapper YAML = new YAMLMapper();

    private Chart() {}

    /** The value sets that every general check is made with. */
    static Stream<Path> valueSets() {
        return Stream.of("first", "everything", "workers").map(Chart::valueSet);
    }

    static Path valueSet(String name) {
        return Path.of("src", "test", "resources", "values", name + ".yaml");
    }

    static Helm helm() {
        return new Helm(FOLDER);
    }

    /** Everything as one text; each further file of values wins over the ones before it. */
    static String render(Path... values) {
        return render(helm(), values);
    }

    static String render(Helm chart, Path... values) {
        return renderFor(KUBERNETES, chart, values);
    }

    static String renderFor(String kubernetes, Helm chart, Path... values) {
        var template =
                chart.template().withName(RELEASE).withNamespace(NAMESPACE).withKubeVersion(kubernetes);
        for (var file : values) {
            template.withValuesFile(file);
        }
        return template.call();
    }

    /** Renders the first value set with these lines of YAML over it. */
    static Manifests manifests(String overrides) {
        return withFile(overrides, file -> Manifests.of(render(valueSet("first"), file)));
    }

    static Manifests manifests(Path... values) {
        return Manifests.of(render(values));
    }

    static JsonNode yaml(Path file) {
        try {
            return YAML.readTree(Files.readString(file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static JsonNode yaml(String text) {
        try {
            return YAML.readTree(text);
        } catch (IOException wrong) {
            throw new UncheckedIOException(wrong);
        }
    }

    static List<JsonNode> documents(String text) {
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
            return documents.readAll().stream().filter(JsonNode::isObject).toList();
        } catch (IOException wrong) {
            throw new UncheckedIOException(wrong);
        }
    }

    private static <T> T withFile(String text, Function<Path, T> use) {
        try {
            var file = Files.createTempFile("values", ".yaml");
            try {
                Files.writeString(file, text);
                return use.apply(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException disk) {
            throw new UncheckedIOException(disk);
        }
    }
}
