// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reads the variables {@code SPILLWAY_…} along the schema, by SmallRye's rules for names: upper case, {@code _} for
 * everything else, {@code _0_} after the name of a list for its first item, {@code _} on both sides of a map's entry
 * where quotes would be.
 *
 * <p>SmallRye itself passes over variables that it cannot place; here they are problems like unknown keys of the file,
 * except for those that Kubernetes adds for a Service of our name. An empty variable counts as not set.
 */
final class EnvironmentReader {
    private static final String PREFIX = "SPILLWAY_";
    private static final Pattern ITEM = Pattern.compile("_([0-9]{1,3})_");
    private static final Pattern SERVICE_LINK = Pattern.compile(
            "(.*_)?(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT|PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

    private final Read read = new Read();
    private final Read file;
    private final Map<KeyPath, TreeMap<Integer, String>> items = new TreeMap<>(EnvironmentReader::byText);

    private EnvironmentReader(Read file) {
        this.file = file;
    }

    /** Reads the environment. The names of map entries that the file has are matched before new ones are made. */
    static Read read(Map<String, String> environment, Schema.Branch schema, Read file) {
        var reader = new EnvironmentReader(file);
        new TreeMap<>(environment).forEach((variable, value) -> reader.variable(variable, value, schema));
        reader.items.forEach((path, values) -> reader.read
                .given()
                .put(path, new Given(List.copyOf(values.values()), true, path.variable() + "_0_ …")));
        return reader.read;
    }

    private void variable(String variable, String value, Schema.Branch schema) {
        if (!variable.startsWith(PREFIX) || value.isEmpty()) {
            return;
        }
        var rest = variable.substring(PREFIX.length());
        var found = find(rest, schema, KeyPath.of());
        if (found.isPresent()) {
            keep(found.get(), variable, value);
        } else if (!SERVICE_LINK.matcher(rest).matches()) {
            unknown(variable, schema);
        }
    }

    private void keep(Found found, String variable, String value) {
        var path = KeyPath.of();
        for (var segment : found.path().segments()) {
            if (found.entries().contains(path)) {
                read.entries(path).add(segment);
            }
            path = path.then(segment);
        }
        if (found.item() < 0) {
            read.given().put(path, new Given(List.of(value), false, variable));
        } else {
            items.computeIfAbsent(path, unseen -> new TreeMap<>()).put(found.item(), value);
        }
    }

    private void unknown(String variable, Schema.Branch schema) {
        var nearest = Nearest.to(variable, variables(schema, KeyPath.of()));
        read.problems()
                .add(new Problem(
                        variable,
                        "unknown variable",
                        nearest.map(known -> "perhaps " + known).orElse("a variable of docs/configuration.md"),
                        "environment"));
    }

    /** Which key the rest of a variable's name stands for. */
    private Optional<Found> find(String rest, Schema schema, KeyPath path) {
        return switch (schema) {
            case Schema.Leaf leaf -> leaf(rest, leaf, path);
            case Schema.Branch branch -> firstOf(branch, rest, path);
            case Schema.Entries entries -> entry(rest, entries, path);
        };
    }

    private static Optional<Found> leaf(String rest, Schema.Leaf leaf, KeyPath path) {
        if (rest.isEmpty()) {
            return Optional.of(new Found(path, List.of(), -1));
        }
        var item = ITEM.matcher(rest);
        return leaf.many() && item.matches()
                ? Optional.of(new Found(path, List.of(), Integer.parseInt(item.group(1))))
                : Optional.empty();
    }

    private Optional<Found> firstOf(Schema.Branch branch, String rest, KeyPath path) {
        for (var child : branch.children().entrySet()) {
            var part = variablePart(child.getKey());
            if (rest.startsWith(part)) {
                var below = rest.substring(part.length());
                var isLeaf = child.getValue() instanceof Schema.Leaf;
                if (isLeaf || below.startsWith("_")) {
                    var found = find(isLeaf ? below : below.substring(1), child.getValue(), path.then(child.getKey()));
                    if (found.isPresent()) {
                        return found;
                    }
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Found> entry(String rest, Schema.Entries entries, KeyPath path) {
        for (var name : names(rest, entries, path)) {
            var below = rest.substring(name.written().length());
            if (below.startsWith("_")) {
                var found = find(below.substring(1), entries.each(), path.then(name.name()));
                if (found.isPresent()) {
                    return found.map(one -> one.inside(path));
                }
            }
        }
        return Optional.empty();
    }

    /** What the next entry's name may be: those of the file, longest first, then whatever stands before a {@code _}. */
    private List<Name> names(String rest, Schema.Entries entries, KeyPath path) {
        var known = file.entries(path).stream()
                .flatMap(name ->
                        Stream.of(new Name(variablePart(name), name), new Name("_" + variablePart(name) + "_", name)))
                .filter(name -> rest.startsWith(name.written()))
                .sorted((left, right) ->
                        right.written().length() - left.written().length());
        var made = IntStream.range(1, rest.length())
                .filter(end -> rest.charAt(end) == '_')
                .mapToObj(end -> Name.made(rest.substring(0, end)))
                .filter(name -> name.name().matches(entries.names().pattern()));
        return Stream.concat(known, made).toList();
    }

    /** All variables of keys outside maps, to find the one that was meant. */
    private static List<String> variables(Schema schema, KeyPath path) {
        var all = new ArrayList<String>();
        switch (schema) {
            case Schema.Leaf leaf -> all.add(path.variable());
            case Schema.Branch branch ->
                branch.children().forEach((name, child) -> all.addAll(variables(child, path.then(name))));
            case Schema.Entries entries -> {
                // Their names are the user's own: nothing to compare with.
            }
        }
        return all;
    }

    /** A segment as it stands in a variable. */
    static String variablePart(String segment) {
        return segment.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9<>]", "_");
    }

    private static int byText(KeyPath left, KeyPath right) {
        return left.toString().compareTo(right.toString());
    }

    /** A map entry's name and how it is written in the variable. */
    private record Name(String written, String name) {
        static Name made(String written) {
            var inner = written.replaceAll("^_|_$", "");
            return new Name(written, inner.toLowerCase(Locale.ROOT).replace('_', '-'));
        }
    }

    /**
     * A key found.
     *
     * @param entries the paths on the way whose next segment is the name of a map's entry
     * @param item the place in a list, or -1
     */
    private record Found(KeyPath path, List<KeyPath> entries, int item) {
        Found inside(KeyPath map) {
            var all = new ArrayList<>(entries);
            all.add(map);
            return new Found(path, List.copyOf(all), item);
        }
    }
}
