// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisUriTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://localhost",
                "redis://localhost:6379/3",
                "rediss://user:p%40ss@redis.example:6380",
                "redis://[::1]:6379",
                "redis-sentinel://a:26379,b:26379,c/0#main",
                "rediss-sentinel://:pw@a:26379?timeout=2s#main"
            })
    void addresses_of_redis_are_taken_as_they_are(String text) {
        assertThat(RedisUri.isFit(text)).isTrue();
        assertThat(RedisUri.of(text).reveal()).isEqualTo(text);
        assertThat(RedisUri.of(text).toString()).doesNotContain("p%40ss").doesNotContain("pw");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost:6379", "http://localhost", "redis://", "redis://a b", "redis://a:port"})
    void other_texts_are_not(String text) {
        assertThat(RedisUri.isFit(text)).isFalse();
    }
}
