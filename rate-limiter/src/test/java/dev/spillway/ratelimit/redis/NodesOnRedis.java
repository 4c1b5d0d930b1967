// SPDX-License-Identifier: Apache-2.0
package dev.spillway.ratelimit.redis;

import io.lettuce.core.RedisClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;

/** The same on one Redis, which every test finds empty. */
abstract class NodesOnRedis extends OpenNodes {
    final EmbeddedRedis redis = EmbeddedRedis.start();

    NodesOnRedis(Duration patience) {
        super(patience);
    }

    @BeforeEach
    void empty() {
        var client = RedisClient.create(resources, redis.uri());
        client.connect().sync().flushall();
        client.shutdown();
    }

    @AfterAll
    void stop() {
        redis.close();
    }
}
