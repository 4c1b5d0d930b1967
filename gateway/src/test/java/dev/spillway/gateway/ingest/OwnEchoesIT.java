// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.stream.ReplyId;
import dev.spillway.gateway.stream.ReplyMetadata;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Echoes of our own replies: what confirms the append must come after the mark. */
final class OwnEchoesIT {
    private static final ReplyId REPLY = new ReplyId(3, "0123456789abcdef0123456789abcdef/echo.1/0");

    private final EdgeRig edge = EdgeRig.with();
    private final Promise<Void> marked = Promise.promise();

    @AfterEach
    void close() {
        edge.close();
    }

    @Test
    void are_appended_after_their_mark_is_made() {
        edge.marked = marked.future();
        try (var http = edge.connect()) {
            http.send(EdgeRig.signed(echo()));
            EdgeRig.awaitThat("the mark is asked for", () -> edge.echoes.contains(REPLY));
            assertThat(edge.stored.get()).isZero();

            marked.complete();
            assertThat(http.read()).startsWith("HTTP/1.1 200 ");
        }
        assertThat(edge.stored.get()).isOne();
    }

    @Test
    void are_sent_again_by_the_platform_when_their_mark_could_not_be_made() {
        edge.marked = marked.future();
        marked.fail(new IllegalStateException("gone"));
        try (var http = edge.connect()) {
            assertThat(http.send(EdgeRig.signed(echo())).read()).startsWith("HTTP/1.1 503 ");
        }
        assertThat(edge.stored.get()).isZero();
    }

    private static byte[] echo() {
        return """
            {"object":"page","entry":[{"id":"100","time":1,"messaging":[{"sender":{"id":"100"},"recipient":{"id":"7"},"timestamp":1,"message":{"mid":"m_1","is_echo":true,"app_id":1,"metadata":"%s","text":"hi"}}]}]}\
            """.formatted(ReplyMetadata.of(REPLY, null)).getBytes(StandardCharsets.UTF_8);
    }
}
