// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.gateway.kit.Certificates;
import dev.spillway.gateway.kit.TlsFront;
import dev.spillway.gateway.worker.EchoBot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redis is reached by TLS, here ended by a front before the embedded server, which knows none. */
final class RedisTlsIT {
    private static Certificates ours;
    private static Certificates others;

    private final PathRig rig = new PathRig();

    @BeforeAll
    static void certificates(@TempDir Path folder) {
        ours = Certificates.in(folder.resolve("ours"));
        others = Certificates.in(folder.resolve("others"));
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private void start(TlsFront front, String tls) {
        rig.gateway(
                "rediss://127.0.0.1:" + front.port(),
                Map.of("echo", EchoBot::new),
                "kind: built-in",
                PathRig.UNLIMITED,
                "everysec, tls: { " + tls + " }");
    }

    @Test
    void a_text_goes_all_the_way_with_certificates_on_both_sides() throws Exception {
        try (var front = TlsFront.start(ours.server(), rig.redis.port(), true)) {
            start(
                    front,
                    "ca-file: \"%s\", certificate-file: \"%s\", key-file: \"%s\""
                            .formatted(ours.authority(), ours.clientCertificate(), ours.clientKey()));
            var crowd = new Crowd(rig);

            crowd.write(60, Duration.ofSeconds(1));

            crowd.isAnsweredOnceAndInOrder("echo.1");
            assertThat(front.handshakes()).isGreaterThan(5);
        }
    }

    @Test
    void a_server_that_another_authority_signed_is_refused_at_start_with_what_to_look_at() {
        try (var front = TlsFront.start(ours.server(), rig.redis.port(), false)) {
            assertThatThrownBy(() -> start(front, "ca-file: \"" + others.authority() + "\""))
                    .hasStackTraceContaining("redis certificate: ")
                    .hasStackTraceContaining("spillway.redis.tls.ca-file");
        }
    }

    @Test
    void a_server_with_another_host_name_in_its_certificate_is_refused() {
        try (var front = TlsFront.start(ours.server(), rig.redis.port(), false)) {
            assertThatThrownBy(() -> rig.gateway(
                            "rediss://localhost:" + front.port(),
                            Map.of("echo", EchoBot::new),
                            "kind: built-in",
                            PathRig.UNLIMITED,
                            "everysec, tls: { ca-file: \"" + ours.authority() + "\" }"))
                    .hasStackTraceContaining("redis certificate: ");
        }
    }
}
