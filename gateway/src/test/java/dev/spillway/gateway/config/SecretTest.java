// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SecretTest {
    @Test
    void a_secret_prints_as_stars_everywhere() {
        var secret = Secret.of("hidden");

        assertThat(secret + " " + java.util.Optional.of(secret) + " " + java.util.List.of(secret))
                .isEqualTo("*** Optional[***] [***]");
    }

    @Test
    void a_secret_equals_its_like_and_knows_its_text() {
        assertThat(Secret.of("é1")).isEqualTo(Secret.of("é1")).hasSameHashCodeAs(Secret.of("é1"));
        assertThat(Secret.of("a")).isNotEqualTo(Secret.of("b"));
        assertThat(Secret.of("a").is("a")).isTrue();
        assertThat(Secret.of("a").is("aa")).isFalse();
        assertThat(Secret.of("é").bytes()).containsExactly(0xC3, 0xA9);
    }

    @Test
    void a_secret_without_a_file_stays_the_same() {
        assertThat(Secret.of("a").reread()).isEqualTo(Secret.Reread.SAME);
    }
}
