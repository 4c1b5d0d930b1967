// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.spillway.gateway.kit.Certificates;
import dev.spillway.gateway.kit.ClusterRig;
import dev.spillway.gateway.kit.RedisRig;
import dev.spillway.gateway.kit.SecureRedis;
import dev.spillway.gateway.kit.SentinelRig;
import dev.spillway.gateway.worker.EchoBot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster, and a primary behind sentinels, with TLS everywhere, passwords, and users that may do what they must. */
final class SecureTopologiesIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private static Path folder;

    private static Certificates certificates;
    private static SecureRedis secure;

    @BeforeAll
    static void find() {
        certificates = Certificates.in(folder);
        secure = SecureRedis.find(certificates).orElseGet(() -> {
            System.out.println("skipped: no redis-server of the system, which knows TLS");
            return abort("no redis-server that knows TLS");
        });
    }

    private static String access(String durability, String more) {
        return durability
                + ", username: spillway, password: pass%s, tls: { ca-file: \"%s\", certificate-file: \"%s\", key-file: \"%s\" }"
                        .formatted(
                                more,
                                certificates.authority(),
                                certificates.clientCertificate(),
                                certificates.clientKey());
    }

    private static void start(PathRig rig, String uri, String access) {
        rig.gateway(uri, Map.of("echo", EchoBot::new), "kind: built-in", PathRig.UNLIMITED, access);
    }

    private static void assertNothingWasDenied(List<RedisRig> servers) {
        assertThat(servers)
                .allSatisfy(server -> assertThat(server.client().aclLog()).isEmpty());
    }

    private static String uri(ClusterRig cluster) {
        return cluster.primaries().stream()
                .map(server -> "127.0.0.1:" + SecureRedis.port(server))
                .collect(Collectors.joining(",", "rediss://", ""));
    }

    @Test
    void a_cluster_is_used_by_tls_as_the_documented_user() throws Exception {
        try (var cluster = ClusterRig.start(3, 0, secure::secure);
                var rig = new PathRig(cluster.servers().getFirst(), cluster::primaries, () -> {})) {
            for (var server : cluster.servers()) {
                DocumentedUser.on(server, "spillway");
            }
            start(rig, uri(cluster), access("everysec", ", mode: cluster"));
            var crowd = new Crowd(rig);
            crowd.write(100, Duration.ofSeconds(1));

            var stream = "g1:in:{p0}";
            var from = cluster.ownerOf(stream);
            var to = cluster.primaries().stream()
                    .filter(server -> server != from)
                    .findFirst()
                    .orElseThrow();
            cluster.move(stream, to, Duration.ofMillis(10));
            crowd.write(200, Duration.ofSeconds(2));

            crowd.isAnsweredOnceAndInOrder("echo.1");
            assertThat(cluster.ownerOf(stream)).isSameAs(to);
            assertNothingWasDenied(cluster.primaries());
        }
    }

    @Test
    void a_primary_behind_sentinels_is_found_by_tls_with_the_sentinels_password() throws Exception {
        try (var sentinels = SentinelRig.start(2, secure);
                var rig = new PathRig(sentinels.servers().getFirst(), () -> List.of(sentinels.primary()), () -> {})) {
            for (var server : sentinels.servers()) {
                DocumentedUser.on(server, "spillway");
            }
            start(rig, sentinels.uri(), access("replicated", ", sentinel: { password: " + SentinelRig.PASSWORD + " }"));
            var crowd = new Crowd(rig);
            crowd.write(200, Duration.ofSeconds(1));
            var before = sentinels.primary();

            before.kill9();
            crowd.write(300, Duration.ofSeconds(6));
            sentinels.awaitPrimaryOtherThan(before);
            crowd.write(100, Duration.ofSeconds(1));

            crowd.isAnsweredOnceAndInOrder("echo.1");
            assertNothingWasDenied(List.of(sentinels.primary()));
        }
    }

    @Test
    void a_wrong_password_for_the_sentinels_is_told_at_start() {
        var sentinels = SentinelRig.start(0, secure);
        try (var rig = new PathRig(sentinels.servers().getFirst(), () -> List.of(sentinels.primary()), sentinels)) {
            assertThatThrownBy(() ->
                            start(rig, sentinels.uri(), access("everysec", ", sentinel: { password: something-else }")))
                    .hasStackTraceContaining("redis user: WRONGPASS");
        }
    }
}
