// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which limits each class of work in a scope pays: one value for every node, compared by its version.
 *
 * <p>A limit may be paid by many classes, a class may pay many limits; a unit of work is granted by all of them or by none.
 *
 * @param version raise it with every change; while two versions run side by side the higher one rules
 * @param classes limits by class of work
 * @param perConversation a limit that each node keeps by itself for every conversation, or empty
 */
public record Policy(long version, Map<String, List<Limit>> classes, Optional<Limit> perConversation) {
    public Policy {
        if (version < 1) {
            throw new IllegalArgumentException("version: " + version + " (expected: 1 or more)");
        }
        var copy = new LinkedHashMap<String, List<Limit>>();
        classes.forEach((name, limits) -> copy.put(name, List.copyOf(limits)));
        classes = java.util.Collections.unmodifiableMap(copy);
        requireOneMeaningEach(classes);
        perConversation.ifPresent(Policy::requirePaced);
    }

    public static Policy of(long version, Map<String, List<Limit>> classes) {
        return new Policy(version, classes, Optional.empty());
    }

    public Policy withPerConversation(Limit limit) {
        return new Policy(version, classes, Optional.of(limit));
    }

    /** Limits of a class, ready for the law. */
    Tariff tariff(String contentClass) {
        return Tariff.of(contentClass, version, limitsOf(contentClass), this::covers);
    }

    List<Limit> limitsOf(String contentClass) {
        var limits = classes.get(contentClass);
        if (limits == null) {
            throw new IllegalArgumentException(
                    "contentClass: '" + contentClass + "' (expected: one of " + classes.keySet() + ")");
        }
        return limits;
    }

    private boolean covers(Limit broad, Limit narrow) {
        return classes.values().stream()
                .filter(limits -> limits.contains(narrow))
                .allMatch(limits -> limits.contains(broad));
    }

    private static void requireOneMeaningEach(Map<String, List<Limit>> classes) {
        var seen = new HashMap<String, Limit>();
        for (var limits : classes.values()) {
            Set<String> inClass = new LinkedHashSet<>();
            for (var limit : limits) {
                var same = seen.putIfAbsent(limit.id(), limit);
                if (same != null && !same.equals(limit)) {
                    throw new IllegalArgumentException(
                            "limit " + limit.id() + " has two meanings: " + same + ", " + limit);
                }
                if (!inClass.add(limit.id())) {
                    throw new IllegalArgumentException("limit " + limit.id() + " is listed twice in a class");
                }
            }
        }
    }

    private static void requirePaced(Limit limit) {
        if (limit.mode() == Mode.QUOTA) {
            throw new IllegalArgumentException("perConversation: " + limit.id() + " (expected: HARD or NOMINAL)");
        }
    }
}
