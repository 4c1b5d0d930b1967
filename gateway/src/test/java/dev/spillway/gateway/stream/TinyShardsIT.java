// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.kit.RedisRig;
import dev.spillway.gateway.kit.WithRedis;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The once-guard of the scripts knows every copy, with shards of two keys. */
@WithRedis
final class TinyShardsIT extends GuardContract {
    private static final int KEYS = 2;

    private final RedisRig redis;

    TinyShardsIT(RedisRig redis) {
        this.redis = redis;
    }

    @Override
    StoreRig open() {
        return new RedisStoreRig(redis, Scripts.withShards(KEYS));
    }

    @Test
    void shards_are_tiny_and_a_bucket_grows_by_many_levels() {
        numbers(100).forEach(number -> commit(List.of(done(number))));

        assertThat(redis.client().hget("g1:oncel:{p3}:peter.1:m", "h" + HOUR)).matches("0:([6-9]|1\\d):\\d+");
        assertThat(redis.client().keys("g1:once:*"))
                .allMatch(shard -> redis.client().hlen(shard) <= KEYS);
    }

    @Test
    void a_guard_that_looks_at_its_newest_level_only_would_let_copies_through() {
        var newestOnly =
                Scripts.withShards(KEYS).with("in_levels(class, bucket, digest, levels, levels[2] - 1)", "false");
        try (var wrong = new RedisStoreRig(redis, newestOnly)) {
            for (var round = 0; round < 2; round++) {
                numbers(100)
                        .forEach(number ->
                                Ends.of(wrong.store().commit(P, PETER, fence, List.of(done(number)), List.of())));
            }
        }
        assertThat(counter("peter.1:done")).isGreaterThan(100);
    }
}
