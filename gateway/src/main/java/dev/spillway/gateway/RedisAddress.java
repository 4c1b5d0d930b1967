// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import dev.spillway.gateway.config.Settings;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StaticCredentialsProvider;

/** The configured Redis, in the client library's terms. */
final class RedisAddress {
    private RedisAddress() {}

    static RedisURI of(Settings.Redis redis) {
        var uri = RedisURI.create(redis.uri().reveal());
        redis.password().ifPresent(password -> {
            RedisCredentialsProvider credentials = new StaticCredentialsProvider(
                    redis.username().orElse(null), password.reveal().toCharArray());
            uri.setCredentialsProvider(credentials);
        });
        return uri;
    }
}
