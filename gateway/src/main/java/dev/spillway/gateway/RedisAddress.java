// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import dev.spillway.gateway.config.Settings;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StaticCredentialsProvider;
import java.time.Duration;

/** The configured Redis, in the client library's terms. */
final class RedisAddress {
    /** How long a handshake, or a call that blocks, may take on a server that stands still; the library waits a minute. */
    private static final Duration ANSWER_MAX = Duration.ofSeconds(2);

    private RedisAddress() {}

    static RedisURI of(Settings.Redis redis) {
        var uri = RedisURI.create(redis.uri().reveal());
        uri.setTimeout(ANSWER_MAX);
        redis.password().ifPresent(password -> {
            RedisCredentialsProvider credentials = new StaticCredentialsProvider(
                    redis.username().orElse(null), password.reveal().toCharArray());
            uri.setCredentialsProvider(credentials);
        });
        return uri;
    }
}
