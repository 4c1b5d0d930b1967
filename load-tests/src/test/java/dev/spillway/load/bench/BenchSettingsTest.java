// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class BenchSettingsTest {
    /** Maven passes every property on, given or not. */
    @Test
    void an_empty_property_counts_as_not_given() {
        var settings = settings("rounds", "", "durability", "");

        assertThat(settings.rounds()).isEqualTo(5);
        assertThat(settings.durabilities()).containsExactly(Durability.EVERYSEC, Durability.ALWAYS);
    }

    @Test
    void the_quick_form_is_smaller_and_can_be_changed() {
        var settings = settings("quick", "true", "seconds", "7");

        assertThat(settings.rounds()).isEqualTo(2);
        assertThat(settings.seconds()).isEqualTo(7);
        assertThat(settings.scenarios()).containsExactly(new Scenario(1, 512));
    }

    @Test
    void lists_are_separated_by_commas_and_flags_by_blanks() {
        var settings = settings("scenarios", "5x100, 50x512", "jvm-flags", "-Xmx1g -XX:+UseSerialGC");

        assertThat(settings.scenarios()).containsExactly(new Scenario(5, 100), new Scenario(50, 512));
        assertThat(settings.jvmFlags()).isEqualTo(List.of("-Xmx1g", "-XX:+UseSerialGC"));
    }

    @Test
    void what_is_out_of_bounds_names_itself() {
        assertThatThrownBy(() -> settings("rounds", "0")).hasMessage("bench.rounds: 0 (expected: 1..100)");
        assertThatThrownBy(() -> settings("durability", "no"))
                .hasMessage("durability: no (expected: everysec or always)");
        assertThatThrownBy(() -> settings("scenarios", "1"))
                .hasMessage("scenario: 1 (expected: events x connections, as in 1x512)");
        assertThatThrownBy(() -> settings("scenarios", "501x1")).hasMessage("events: 501 (expected: 1..500)");
    }

    private static BenchSettings settings(String... namesAndValues) {
        var properties = new Properties();
        for (var i = 0; i < namesAndValues.length; i += 2) {
            properties.setProperty("bench." + namesAndValues[i], namesAndValues[i + 1]);
        }
        return BenchSettings.of(properties);
    }
}
