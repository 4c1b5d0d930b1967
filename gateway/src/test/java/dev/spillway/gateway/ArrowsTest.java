// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArrowsTest {
    /** Test classes, each of which breaks a rule. */
    private static final String FIXTURE = "dev.spillway.fixture";

    // Imported once: it takes a second each time.
    private static final JavaClasses BREAKERS = new ClassFileImporter().importPackages(FIXTURE);

    @TestFactory
    Stream<DynamicTest> the_packages_keep_the_law() {
        var classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.spillway.gateway", "dev.spillway.launcher");

        return Arrows.rules("dev.spillway.gateway").entrySet().stream()
                .map(rule -> DynamicTest.dynamicTest(
                        rule.getKey(), () -> rule.getValue().check(classes)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ingest imports only what it may               | ingest.Takes
        config imports only what it may               | config.Circles
        peter imports only what it may                | peter.Climbs
        every package has its arrows                  | lost.Stray
        nothing imports the root package              | peter.Climbs
        there is no cycle                             | config.Circles
        only config reads the environment             | ops.Peeks
        nothing waits but async, cli, dev and the root| worker.Sleeps
        """)
    void a_class_that_breaks_a_rule_is_found(String says, String breaker) {
        assertThat(broken(says)).anyMatch(line -> line.contains(FIXTURE + "." + breaker));
    }

    @Test
    void what_may_wait_is_left_alone() {
        assertThat(broken("nothing waits but async, cli, dev and the root"))
                .noneMatch(line -> line.contains("async.MayWait"));
    }

    private static Stream<String> broken(String says) {
        ArchRule rule = Objects.requireNonNull(Arrows.rules(FIXTURE).get(says), says);
        return rule.evaluate(BREAKERS).getFailureReport().getDetails().stream();
    }
}
