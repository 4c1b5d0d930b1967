// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is and how to be let in, in the client library's terms.
 *
 * @param uris one; of a cluster, nodes to ask first
 * @param cluster whether they are nodes of a cluster
 * @param ssl what to trust and who we are; null is the system's own trust
 */
public record RedisAccess(
        List<RedisURI> uris, boolean cluster, @Nullable SslOptions ssl) {
    public RedisAccess {
        uris = List.copyOf(uris);
    }

    /** One server, or one behind sentinels, without certificates of ours. */
    public static RedisAccess of(RedisURI uri) {
        return new RedisAccess(List.of(uri), false, null);
    }

    /** Trust in this file's certificates only, and our own certificate where the server asks for one. All are PEM. */
    public static SslOptions ssl(Optional<Path> authorities, Optional<Path> certificate, Optional<Path> key) {
        var options = SslOptions.builder().jdkSslProvider();
        authorities.ifPresent(file -> options.trustManager(file.toFile()));
        certificate.ifPresent(
                file -> options.keyManager(file.toFile(), key.orElse(file).toFile(), new char[0]));
        return options.build();
    }

    /** The one, or the first to ask. */
    RedisURI first() {
        return uris.getFirst();
    }

    /** Never replaying, as everywhere. */
    ClientOptions options() {
        return options(RedisOptions.NEVER_REPLAY.mutate());
    }

    /** The same for a client that knows clusters by itself. */
    ClusterClientOptions clusterOptions() {
        return ClusterClientOptions.builder(options()).build();
    }

    private ClientOptions options(ClientOptions.Builder options) {
        return ssl == null ? options.build() : options.sslOptions(ssl).build();
    }
}
