// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns what is given into checked text for SmallRye: defaults filled in, bounds held, secrets taken out. */
final class Resolver {
    private final Read read;
    private final Path directory;
    private final Map<String, String> texts = new LinkedHashMap<>();
    private final Map<String, Secret> secrets = new LinkedHashMap<>();

    private Resolver(Read read, Path directory) {
        this.read = read;
        this.directory = directory;
    }

    /**
     * What SmallRye gets.
     *
     * @param texts property to text; for a secret its own property's name stands in place of the text
     * @param secrets the secrets by property
     */
    record Resolved(Map<String, String> texts, Map<String, Secret> secrets) {}

    /** Resolves every key of the schema, adding problems to what was read. */
    static Resolved resolve(Read read, Schema.Branch schema, Path directory) {
        var resolver = new Resolver(read, directory);
        resolver.branch(schema, KeyPath.of());
        return new Resolved(resolver.texts, resolver.secrets);
    }

    private void branch(Schema.Branch branch, KeyPath path) {
        branch.children().forEach((name, child) -> walk(child, path.then(name)));
    }

    private void walk(Schema schema, KeyPath path) {
        switch (schema) {
            case Schema.Branch branch -> branch(branch, path);
            case Schema.Entries entries -> {
                for (var name : List.copyOf(read.entries(path))) {
                    branch(entries.each(), path.then(name));
                }
            }
            case Schema.Leaf leaf -> leaf(leaf, path);
        }
    }

    private void leaf(Schema.Leaf leaf, KeyPath path) {
        switch (leaf.type()) {
            case ValueType.Hidden hidden -> secret(leaf, path);
            case ValueType.SecretFile file -> {
                // Resolved together with its secret.
            }
            case ValueType.Whole w -> values(leaf, path);
            case ValueType.Size s -> values(leaf, path);
            case ValueType.Time t -> values(leaf, path);
            case ValueType.Flag f -> values(leaf, path);
            case ValueType.Text t -> values(leaf, path);
            case ValueType.Choice c -> values(leaf, path);
            case ValueType.Url u -> values(leaf, path);
            case ValueType.Redis r -> values(leaf, path);
            case ValueType.Pem p -> pem(leaf, path);
        }
    }

    private void values(Schema.Leaf leaf, KeyPath path) {
        var given = given(leaf, path);
        if (given.isEmpty()) {
            if (leaf.required()) {
                read.problem(path, Problem.MISSING, leaf.words(), "");
            }
            return;
        }
        var values = leaf.many() ? items(given.get()) : given.get().values();
        if (values.isEmpty()) {
            read.problem(
                    path, "empty", "at least one: " + leaf.words(), given.get().place());
        }
        for (int index = 0; index < values.size(); index++) {
            var text = fit(leaf, values.get(index));
            if (text.isPresent()) {
                texts.put(leaf.many() ? path + "[" + index + "]" : path.toString(), text.get());
            } else {
                read.problem(
                        path,
                        shown(leaf, values.get(index)),
                        leaf.words(),
                        given.get().place());
            }
        }
    }

    private Optional<Given> given(Schema.Leaf leaf, KeyPath path) {
        var given = read.given().get(path);
        if (given != null) {
            return Optional.of(given);
        }
        return Optional.ofNullable(leaf.standard()).map(text -> new Given(List.of(text), false, "default"));
    }

    /** A list written as one text is cut at its commas. */
    private static List<String> items(Given given) {
        return given.list()
                ? given.values()
                : Arrays.stream(given.values().getFirst().split(",", -1))
                        .map(String::strip)
                        .toList();
    }

    private static Optional<String> fit(Schema.Leaf leaf, String text) {
        var read = leaf.type().read(text);
        var matching = leaf.matching();
        if (matching != null && !text.matches(matching.pattern())) {
            return Optional.empty();
        }
        var between = leaf.between();
        if (between == null || !(leaf.type() instanceof ValueType.Measured measured)) {
            return read;
        }
        return read.filter(fitting -> measured.measure(text) >= measured.measure(between.min())
                && measured.measure(text) <= measured.measure(between.max()));
    }

    /** Redis's address may hold a password even where it makes no sense as an address. */
    private static String shown(Schema.Leaf leaf, String text) {
        if (leaf.type() instanceof ValueType.Redis || leaf.type() instanceof ValueType.Url) {
            return Problem.HIDDEN;
        }
        return Shown.of(text);
    }

    private void secret(Schema.Leaf leaf, KeyPath path) {
        var inline = Optional.ofNullable(read.given().get(path));
        var filePath = path.sibling(leaf.fileName());
        var files = Optional.ofNullable(read.given().get(filePath));
        if (inline.isPresent() && files.isPresent()) {
            read.problem(
                    path,
                    "given twice",
                    leaf.name() + " or " + leaf.fileName() + ", not both",
                    files.get().place());
            return;
        }
        var found = new ArrayList<Secret>();
        inline.ifPresent(given -> inline(given, path, found));
        files.ifPresent(given -> inFiles(given, leaf.many(), filePath, found));
        var nothing =
                inline.or(() -> files).map(given -> given.values().isEmpty()).orElse(true);
        if (nothing && leaf.required()) {
            read.problem(path, Problem.MISSING, leaf.words() + ", here or in " + leaf.fileName(), "");
        }
        for (int index = 0; index < found.size(); index++) {
            var property = leaf.many() ? path + "[" + index + "]" : path.toString();
            texts.put(property, property);
            secrets.put(property, found.get(index));
        }
    }

    /** Never cut at commas: a comma may be part of a secret. */
    private void inline(Given given, KeyPath path, List<Secret> found) {
        for (var text : given.values()) {
            if (Secret.isFit(text)) {
                found.add(Secret.of(text));
            } else {
                read.problem(path, Problem.HIDDEN, new ValueType.Hidden().words(), given.place());
            }
        }
    }

    private void inFiles(Given given, boolean many, KeyPath path, List<Secret> found) {
        for (var text : many ? items(given) : given.values()) {
            file(text)
                    .flatMap(Secret::in)
                    .ifPresentOrElse(
                            found::add,
                            () -> read.problem(
                                    path, Shown.path(text), new ValueType.SecretFile().words(), given.place()));
        }
    }

    private void pem(Schema.Leaf leaf, KeyPath path) {
        given(leaf, path).ifPresent(given -> {
            var text = given.values().isEmpty() ? "" : given.values().getFirst();
            file(text)
                    .filter(Files::isRegularFile)
                    .filter(Files::isReadable)
                    .ifPresentOrElse(
                            found -> texts.put(
                                    path.toString(), found.toAbsolutePath().toString()),
                            () -> read.problem(path, Shown.path(text), leaf.words(), given.place()));
        });
    }

    private Optional<Path> file(String text) {
        try {
            return Optional.of(directory.resolve(text));
        } catch (InvalidPathException none) {
            return Optional.empty();
        }
    }
}
