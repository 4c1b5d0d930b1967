// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An app secret is rotated while webhooks come in, by files that are swapped as Kubernetes swaps them. */
final class SecretRotationIT {
    private static final String FIRST = "the-first-secret";
    private static final String SECOND = "the-second-secret";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    private int versions;

    @Test
    void a_new_secret_is_taken_and_an_old_one_is_not_without_a_restart() throws Exception {
        swap(FIRST, FIRST, "token-1");
        try (var edge = edge();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(post(edge, FIRST)).isEqualTo(200);
            assertThat(post(edge, SECOND)).isEqualTo(401);
            var rotating = new AtomicBoolean(true);
            var platform = threads.submit(() -> {
                while (rotating.get()) {
                    // The one that is in both versions is good at every moment.
                    assertThat(post(edge, FIRST)).isEqualTo(200);
                }
                return null;
            });

            swap(SECOND, FIRST, "token-2");

            EdgeRig.awaitThat("the second is taken", () -> post(edge, SECOND) == 200);
            rotating.set(false);
            platform.get();
            assertThat(handshake(edge, "token-1")).startsWith("HTTP/1.1 403 ");
            assertThat(handshake(edge, "token-2")).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nhello");
            var before = signedWithOlder(edge);
            assertThat(post(edge, SECOND)).isEqualTo(200);
            assertThat(signedWithOlder(edge)).isEqualTo(before);
            assertThat(post(edge, FIRST)).isEqualTo(200);
            assertThat(signedWithOlder(edge)).isEqualTo(before + 1);

            swap(SECOND, SECOND, "token-2");

            EdgeRig.awaitThat("the first is taken no more", () -> post(edge, FIRST) == 401);
            assertThat(post(edge, SECOND)).isEqualTo(200);
            assertThat(read(edge, "changed")).isEqualTo(2);
            assertThat(read(edge, "unreadable")).isZero();
        }
    }

    @Test
    void a_file_that_is_empty_or_gone_leaves_the_old_secret_in_force_and_is_counted() throws Exception {
        swap(FIRST, FIRST, "token-1");
        try (var edge = edge()) {
            swap("", SECOND, "token-1");
            EdgeRig.awaitThat("the trouble is seen", () -> read(edge, "unreadable") > 0);
            EdgeRig.awaitThat("the whole file counts", () -> post(edge, SECOND) == 200);
            assertThat(post(edge, FIRST)).isEqualTo(200);

            Files.delete(directory.resolve("current"));
            var before = read(edge, "unreadable");
            EdgeRig.awaitThat("the trouble is seen again", () -> read(edge, "unreadable") > before);
            assertThat(post(edge, FIRST)).isEqualTo(200);

            Files.writeString(directory.resolve("current"), "the-third-secret");
            EdgeRig.awaitThat("it is over", () -> post(edge, "the-third-secret") == 200);
            assertThat(post(edge, FIRST)).isEqualTo(401);
        }
    }

    private EdgeRig edge() {
        return new EdgeRig("{ secrets-files: ['%s', '%s'], verify-token-file: '%s' }"
                .formatted(
                        directory.resolve("current"), directory.resolve("older"), directory.resolve("verify-token")));
    }

    // A new folder, and one rename of the link to it.
    private void swap(String current, String older, String verifyToken) throws IOException {
        var folder = Files.createDirectory(directory.resolve("..version" + ++versions));
        Files.writeString(folder.resolve("current"), current + "\n");
        Files.writeString(folder.resolve("older"), older + "\n");
        Files.writeString(folder.resolve("verify-token"), verifyToken);
        var link = Files.createSymbolicLink(directory.resolve("..data_tmp"), folder);
        Files.move(link, directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        for (var file : new String[] {"current", "older", "verify-token"}) {
            if (!Files.isSymbolicLink(directory.resolve(file))) {
                Files.createSymbolicLink(directory.resolve(file), Path.of("..data", file));
            }
        }
    }

    private static int post(EdgeRig edge, String secret) {
        var body = EdgeRig.message("m");
        try (var http = edge.connect()) {
            var answer = http.send(EdgeRig.post(body, EdgeRig.signature(secret, body)))
                    .read();
            return Integer.parseInt(answer.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
        }
    }

    private static String handshake(EdgeRig edge, String verifyToken) {
        try (var http = edge.connect()) {
            return http.send("GET " + EdgeRig.PATH + "?hub.mode=subscribe&hub.challenge=hello&hub.verify_token="
                            + verifyToken + " HTTP/1.1\r\n\r\n")
                    .read();
        }
    }

    private static long signedWithOlder(EdgeRig edge) {
        return (long) edge.registry.get("spillway.ingest.old.secret").counter().count();
    }

    private static long read(EdgeRig edge, String outcome) {
        return (long) edge.registry
                .get("spillway.ingest.secrets.read")
                .tag("outcome", outcome)
                .counter()
                .count();
    }
}
