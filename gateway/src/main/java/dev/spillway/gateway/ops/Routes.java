// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ops;

import io.vertx.core.http.HttpMethod;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Finds the route of a request. Pure. */
final class Routes {
    private final List<Route> all;

    Routes(List<Route> all) {
        var seen = new HashSet<String>();
        for (var route : all) {
            var shape = route.method() + " " + route.path().replaceAll("\\{[^}]*}", "{}");
            if (!seen.add(shape)) {
                throw new IllegalArgumentException("two routes for " + shape);
            }
        }
        this.all = List.copyOf(all);
    }

    sealed interface Match {
        record Found(Route route, Map<String, String> path) implements Match {}

        /** The path is there, but not for this method. */
        record WrongMethod(String allowed) implements Match {}

        record Nothing() implements Match {}
    }

    Match match(HttpMethod method, String path) {
        var allowed = new TreeSet<String>();
        for (var route : all) {
            var values = values(route.path(), path);
            if (values.isPresent()) {
                if (route.method().equals(method)) {
                    return new Match.Found(route, values.get());
                }
                allowed.add(route.method().name());
            }
        }
        return allowed.isEmpty() ? new Match.Nothing() : new Match.WrongMethod(String.join(", ", allowed));
    }

    private static Optional<Map<String, String>> values(String pattern, String path) {
        var expected = pattern.split("/", -1);
        // One more than expected, so that a path of a million slashes is not cut into a million pieces.
        var given = path.split("/", expected.length + 1);
        if (given.length != expected.length) {
            return Optional.empty();
        }
        var values = new HashMap<String, String>();
        for (int index = 0; index < expected.length; index++) {
            var segment = expected[index];
            if (segment.startsWith("{") && !given[index].isEmpty()) {
                values.put(segment.substring(1, segment.length() - 1), given[index]);
            } else if (!segment.equals(given[index])) {
                return Optional.empty();
            }
        }
        return Optional.of(values);
    }
}
