// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import dev.spillway.gateway.config.PemFile;
import dev.spillway.gateway.config.Secret;
import dev.spillway.gateway.config.Settings;
import dev.spillway.gateway.stream.RedisAccess;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.StaticCredentialsProvider;
import io.lettuce.core.cluster.RedisClusterURIUtil;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The configured Redis, in the client library's terms. */
final class RedisAddress {
    /** How long a handshake, or a call that blocks, may take on a server that stands still; the library waits a minute. */
    private static final Duration ANSWER_MAX = Duration.ofSeconds(2);

    private RedisAddress() {}

    static RedisAccess of(Settings.Redis redis) {
        var text = redis.uri().reveal();
        var cluster = redis.mode() == Settings.Redis.Mode.CLUSTER;
        var uris = cluster ? RedisClusterURIUtil.toRedisURIs(URI.create(text)) : List.of(RedisURI.create(text));
        uris.forEach(uri -> complete(uri, redis));
        var tls = redis.tls();
        var ssl = uris.getFirst().isSsl()
                ? RedisAccess.ssl(
                        tls.caFile().map(PemFile::path),
                        tls.certificateFile().map(PemFile::path),
                        tls.keyFile().map(PemFile::path))
                : null;
        return new RedisAccess(uris, cluster, ssl);
    }

    private static void complete(RedisURI uri, Settings.Redis redis) {
        uri.setTimeout(ANSWER_MAX);
        uri.setVerifyPeer(SslVerifyMode.FULL);
        credentials(redis.username(), redis.password()).ifPresent(uri::setCredentialsProvider);
        for (var sentinel : uri.getSentinels()) {
            sentinel.setTimeout(ANSWER_MAX);
            sentinel.applySsl(uri);
            credentials(redis.sentinel().username(), redis.sentinel().password())
                    .ifPresent(sentinel::setCredentialsProvider);
        }
    }

    private static Optional<RedisCredentialsProvider> credentials(Optional<String> user, Optional<Secret> password) {
        @Nullable String name = user.orElse(null);
        return password.map(
                secret -> new StaticCredentialsProvider(name, secret.reveal().toCharArray()));
    }
}
