// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class GatewayProcessIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void it_is_ready_when_its_address_answers_200_and_ends_with_the_code_of_its_signal() {
        try (var process = serving()) {
            assertThat(process.running()).isTrue();

            process.terminate();

            assertThat(process.awaitLine("drained", PATIENCE)).isEqualTo("drained");
            assertThat(process.awaitExit(PATIENCE)).isEqualTo(143);
        }
    }

    @Test
    void a_kill_leaves_no_time_to_drain() {
        try (var process = serving()) {
            process.kill9();

            assertThat(process.awaitExit(PATIENCE)).isEqualTo(137);
            assertThat(process.output()).content().doesNotContain("drained");
        }
    }

    @Test
    void a_frozen_process_answers_nobody_until_it_is_thawed() {
        try (var process = serving()) {
            var address = addressOf(process);
            process.freeze();
            assertThatThrownBy(() -> process.awaitReady(address, Duration.ofMillis(100)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("not ready at");

            process.thaw();

            process.awaitReady(address, PATIENCE);
        }
    }

    @Test
    void whoever_waits_for_one_that_has_failed_gets_its_last_words() {
        try (var process = GatewayProcess.main(Small.class, "fail").start()) {
            assertThatThrownBy(() -> process.awaitReady(URI.create("http://127.0.0.1:1/"), PATIENCE))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("ended with code 1")
                    .hasMessageContaining("no such setting");
        }
    }

    @Test
    void flags_properties_and_environment_reach_it() {
        try (var process = GatewayProcess.main(Small.class, "show")
                .named("show")
                .crashingAt("after-append", 3)
                .flag("-Xmx64m")
                .environment("SPILLWAY_HTTP_PORT", "0")
                .start()) {
            assertThat(process.awaitLine("crash", PATIENCE)).isEqualTo("crash after-append:3, port 0, heap 64m: true");
            assertThat(process.awaitExit(PATIENCE)).isZero();
            assertThat(process.output().getFileName().toString()).startsWith("show-");
        }
    }

    @Test
    void it_does_not_outlive_the_jvm_of_a_test_that_forgot_it() throws Exception {
        try (var forgetful = GatewayProcess.main(Forgetful.class).start()) {
            var pid = Long.parseLong(forgetful.awaitLine("forgot ", PATIENCE).substring("forgot ".length()));

            assertThat(forgetful.awaitExit(PATIENCE)).isZero();

            var left = ProcessHandle.of(pid);
            if (left.isPresent()) {
                left.get().onExit().get(10, TimeUnit.SECONDS);
            }
        }
    }

    private static GatewayProcess serving() {
        var process = GatewayProcess.main(Small.class, "serve").start();
        return process.awaitReady(addressOf(process), PATIENCE);
    }

    private static URI addressOf(GatewayProcess process) {
        var line = process.awaitLine("listening on ", PATIENCE);
        return URI.create("http://127.0.0.1:" + line.substring("listening on ".length()) + "/readyz");
    }

    /** Stands in for the gateway. */
    static final class Small {
        private Small() {}

        public static void main(String[] args) throws Exception {
            switch (args[0]) {
                case "serve" -> serve();
                case "show" ->
                    System.out.printf(
                            "crash %s, port %s, heap 64m: %s%n",
                            System.getProperty("spillway.crash"),
                            System.getenv("SPILLWAY_HTTP_PORT"),
                            Runtime.getRuntime().maxMemory() <= 64L << 20);
                default -> throw new IllegalArgumentException("no such setting");
            }
        }

        private static void serve() throws Exception {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/readyz", exchange -> {
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            });
            server.start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("drained")));
            System.out.println("listening on " + server.getAddress().getPort());
        }
    }

    /** Starts a process and ends without closing it. */
    static final class Forgetful {
        private Forgetful() {}

        public static void main(String[] args) {
            var process =
                    GatewayProcess.main(Small.class, "serve").named("forgotten").start();
            process.awaitLine("listening on ", PATIENCE);
            System.out.println("forgot " + process.pid());
            System.exit(0);
        }
    }
}
