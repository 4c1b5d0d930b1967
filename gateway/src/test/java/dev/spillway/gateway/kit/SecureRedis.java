// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import dev.spillway.gateway.dev.RedisSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A Redis that speaks TLS, to us and to its own kind; the embedded one was built without. Each keeps a plain port too,
 * for what tests ask.
 */
public final class SecureRedis {
    private static final Path DEBIANS = Path.of("/usr/bin/redis-server");

    private final Certificates certificates;

    private SecureRedis(Certificates certificates) {
        this.certificates = certificates;
    }

    /** Debian's server, if it is installed. */
    public static Optional<SecureRedis> find(Certificates certificates) {
        return Files.isExecutable(DEBIANS) ? Optional.of(new SecureRedis(certificates)) : Optional.empty();
    }

    /** Makes such a server of what these settings describe. */
    public RedisSettings secure(RedisSettings settings) {
        var secure = settings.withExecutable(DEBIANS).with("tls-cluster", "yes");
        for (var directive : directives().entrySet()) {
            secure = secure.with(directive.getKey(), directive.getValue());
        }
        return secure;
    }

    Path executable() {
        return DEBIANS;
    }

    /** What makes a server or a sentinel speak TLS, on a port of its own. */
    Map<String, String> directives() {
        var directives = new LinkedHashMap<String, String>();
        directives.put("tls-port", Integer.toString(Ports.toKeep()));
        directives.put("tls-replication", "yes");
        directives.put("tls-ca-cert-file", certificates.authority().toString());
        directives.put("tls-cert-file", certificates.serverCertificate().toString());
        directives.put("tls-key-file", certificates.serverKey().toString());
        return directives;
    }

    /** Where it speaks TLS. */
    public static int port(RedisRig server) {
        return Integer.parseInt(server.client().configGet("tls-port").get("tls-port"));
    }
}
