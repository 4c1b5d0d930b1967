// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

/** A process that stops answers what comes on connections it has accepted, and says that it is the last answer there. */
final class LastCallIT {
    private static boolean isClosed(EdgeRig edge) {
        try (var http = edge.connect()) {
            http.endSending();
            return false;
        } catch (UncheckedIOException refused) {
            return true;
        }
    }

    @Test
    void a_request_on_a_kept_connection_just_after_the_port_closed_gets_its_answer() {
        try (var edge = EdgeRig.with();
                var kept = edge.connect()) {
            assertThat(kept.send(EdgeRig.signed(EdgeRig.message("before"))).read())
                    .startsWith("HTTP/1.1 200 ");

            var stopped = edge.shutdown();
            EdgeRig.awaitThat("the port is closed", () -> isClosed(edge));

            assertThat(kept.send(EdgeRig.signed(EdgeRig.message("after"))).readToEnd())
                    .startsWith("HTTP/1.1 200 ")
                    .containsIgnoringCase("connection: close");
            EdgeRig.awaitThat("it has stopped", stopped::succeeded);
            assertThat(edge.stored).hasValue(2);
        }
    }
}
