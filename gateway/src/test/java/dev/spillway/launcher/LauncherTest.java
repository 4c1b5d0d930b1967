// SPDX-License-Identifier: Apache-2.0
package dev.spillway.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LauncherTest {
    @ParameterizedTest
    @CsvSource({"1.8, 8", "9, 9", "17, 17", "21, 21", "25, 25"})
    void the_feature_number_is_read_from_old_and_new_versions(String specification, int feature) {
        assertThat(Launcher.feature(specification)).isEqualTo(feature);
    }
}
