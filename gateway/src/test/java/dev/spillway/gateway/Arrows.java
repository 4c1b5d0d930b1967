// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Which package may import which, and which may wait: the law of the style guide. Made for any base package, so that it
 * can be shown to fail on one that breaks it.
 */
final class Arrows {
    private static final String RATE_LIMITER = "dev.spillway.ratelimit";

    /** What each package may import, without itself. The stages may also import ops, for their checks and routes. */
    private static final Map<String, Set<String>> LAW = new TreeMap<>(Map.ofEntries(
            Map.entry("messenger", Set.of()),
            Map.entry("config", Set.of()),
            Map.entry("async", Set.of()),
            Map.entry("stream", Set.of("messenger", "config", "async")),
            Map.entry("graph", Set.of("messenger", "config", "async")),
            Map.entry("ingest", Set.of("messenger", "config", "async", "stream", "ops")),
            Map.entry("worker", Set.of("messenger", "config", "async", "stream", "ops")),
            Map.entry("dispatch", Set.of("messenger", "config", "async", "stream", "graph", "ops", "ratelimit")),
            Map.entry("subscribe", Set.of("messenger", "config", "async", "stream", "worker", "ops")),
            Map.entry("peter", Set.of("messenger", "worker")),
            Map.entry("sandbox", Set.of("messenger", "config", "async")),
            Map.entry("ops", Set.of("config", "async")),
            Map.entry("cli", Set.of("config", "messenger")),
            Map.entry("dev", Set.of("config", "async"))));

    private static final List<String> MAY_WAIT = List.of("async", "cli", "dev");

    /** Owner and name of what parks a thread. */
    private static final Map<String, Set<String>> WAITING = Map.of(
            "java.lang.Thread", Set.of("sleep", "join"),
            "java.util.concurrent.TimeUnit", Set.of("sleep", "timedJoin", "timedWait"),
            "java.util.concurrent.Future", Set.of("get"),
            "java.util.concurrent.CompletableFuture", Set.of("get", "join"),
            "java.util.concurrent.CountDownLatch", Set.of("await"),
            "java.util.concurrent.locks.LockSupport", Set.of("park", "parkNanos", "parkUntil"),
            "java.util.concurrent.ExecutorService", Set.of("awaitTermination", "invokeAll", "close"),
            "io.vertx.core.Future", Set.of("await"),
            "io.lettuce.core.RedisFuture", Set.of("await"));

    private Arrows() {}

    /** The rules by what they say. */
    static Map<String, ArchRule> rules(String base) {
        var rules = new TreeMap<String, ArchRule>();
        LAW.forEach((name, allowed) -> rules.put(name + " imports only what it may", imports(base, name, allowed)));
        rules.put("every package has its arrows", everyPackageIsKnown(base));
        rules.put("nothing imports the root package", nothingImportsTheRoot(base));
        rules.put("there is no cycle", noCycle(base));
        rules.put("only config reads the environment", onlyConfigReadsTheEnvironment(base));
        rules.put("nothing waits but async, cli, dev and the root", nothingWaits(base));
        rules.put("the launcher needs nothing of ours", launcherStandsAlone());
        return rules;
    }

    private static ArchRule imports(String base, String name, Set<String> allowed) {
        var may = new ArrayList<String>(List.of(base + "." + name + ".."));
        allowed.forEach(other -> may.add(other.equals("ratelimit") ? RATE_LIMITER + ".." : base + "." + other + ".."));
        return noClasses()
                .that()
                .resideInAPackage(base + "." + name + "..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("dev.spillway..").and(not(resideInAnyPackage(may.toArray(String[]::new)))))
                .allowEmptyShould(true);
    }

    private static ArchRule everyPackageIsKnown(String base) {
        var known = Stream.concat(Stream.of(base), LAW.keySet().stream().map(name -> base + "." + name + ".."));
        return classes().that().resideInAPackage(base + "..").should().resideInAnyPackage(known.toArray(String[]::new));
    }

    private static ArchRule nothingImportsTheRoot(String base) {
        return noClasses()
                .that()
                .resideInAPackage(base + ".*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(base);
    }

    private static ArchRule noCycle(String base) {
        return slices().matching(base + ".(*)..").should().beFreeOfCycles();
    }

    private static ArchRule onlyConfigReadsTheEnvironment(String base) {
        return noClasses()
                .that()
                .resideInAPackage(base + "..")
                .and()
                .resideOutsideOfPackage(base + ".config..")
                .should()
                .callMethodWhere(calls(Map.of("java.lang.System", Set.of("getenv"))));
    }

    private static ArchRule nothingWaits(String base) {
        var waiting = Stream.concat(Stream.of(base), MAY_WAIT.stream().map(name -> base + "." + name + ".."));
        return noClasses()
                .that()
                .resideInAPackage(base + "..")
                .and()
                .resideOutsideOfPackages(waiting.toArray(String[]::new))
                .should()
                .callMethodWhere(calls(WAITING));
    }

    private static ArchRule launcherStandsAlone() {
        return noClasses()
                .that()
                .resideInAPackage("dev.spillway.launcher..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("dev.spillway..").and(not(resideInAPackage("dev.spillway.launcher.."))))
                .allowEmptyShould(true);
    }

    private static DescribedPredicate<JavaAccess<?>> calls(Map<String, Set<String>> forbidden) {
        return DescribedPredicate.describe("a forbidden method", access -> forbidden.entrySet().stream()
                .anyMatch(entry -> access.getTargetOwner().isAssignableTo(entry.getKey())
                        && entry.getValue().contains(access.getName())));
    }
}
