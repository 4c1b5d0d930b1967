// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.dev;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class EmbeddedRedisIT {
    private static final Duration SHORT = Duration.ofMillis(500);

    private final List<Process> children = new ArrayList<>();

    @AfterEach
    void end_children() {
        children.forEach(Process::destroyForcibly);
    }

    @Test
    void it_is_ready_when_start_returns_and_gone_when_close_does() throws Exception {
        long pid;
        Path run;
        try (var redis = EmbeddedRedis.start(RedisSettings.temporary())) {
            pid = redis.pid();
            run = Path.of(ProcessHandle.of(pid).orElseThrow().info().command().orElseThrow())
                    .getParent();
            assertThat(RedisProbe.ready(redis.port(), pid)).isTrue();
            assertThat(redis.uri()).isEqualTo("redis://127.0.0.1:" + redis.port());
            assertThat(redis.running()).isTrue();
            assertThat(run).isDirectory();
        }

        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(run).doesNotExist();
    }

    @Test
    void a_given_data_folder_stays_and_is_read_again(@TempDir Path data) throws Exception {
        var settings = RedisSettings.temporary().withDataFolder(data);
        try (var redis = EmbeddedRedis.start(settings)) {
            assertThat(ask(redis.port(), "SET k v")).isEqualTo("+OK");
        }

        try (var redis = EmbeddedRedis.start(settings)) {
            assertThat(ask(redis.port(), "STRLEN k")).isEqualTo(":1");
        }
    }

    @Test
    void a_taken_port_is_said_with_the_words_of_the_server() throws Exception {
        try (var redis = EmbeddedRedis.start(RedisSettings.temporary())) {
            assertThatThrownBy(
                            () -> EmbeddedRedis.start(RedisSettings.temporary().withPort(redis.port())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Redis on port " + redis.port() + " ended with code 1")
                    .hasMessageContaining("Failed listening on port");
        }
    }

    @Test
    void a_setting_that_redis_does_not_know_is_said_with_its_words() {
        assertThatThrownBy(() -> EmbeddedRedis.start(RedisSettings.temporary().with("appendonly", "perhaps")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("argument must be 'yes' or 'no'");
    }

    @Test
    void a_server_that_never_answers_is_given_up_and_ended(@TempDir Path folder) throws Exception {
        var silent = folder.resolve("silent-server");
        Files.writeString(silent, "#!/bin/sh\necho warming up\nexec sleep 60\n");
        assertThat(silent.toFile().setExecutable(true)).isTrue();

        assertThatThrownBy(() -> EmbeddedRedis.start(RedisSettings.temporary().withExecutable(silent), SHORT))
                .hasMessageContaining("did not answer in time")
                .hasMessageContaining("warming up");
    }

    @Test
    void the_server_can_be_run_at_once_while_other_threads_start_processes(@TempDir Path folder) throws Exception {
        var over = new AtomicBoolean();
        try (var threads = Executors.newFixedThreadPool(3)) {
            for (var i = 0; i < 3; i++) {
                var unused = threads.submit(() -> {
                    while (!over.get()) {
                        new ProcessBuilder("/bin/true").start().waitFor();
                    }
                    return null;
                });
            }
            try {
                for (var i = 0; i < 50; i++) {
                    var server = RedisBinary.extract(Files.createDirectory(folder.resolve("of" + i)));
                    assertThat(new ProcessBuilder(server.toString(), "--version")
                                    .start()
                                    .waitFor())
                            .isZero();
                    Files.delete(server);
                }
            } finally {
                over.set(true);
            }
        }
    }

    @Test
    void two_servers_never_write_to_one_folder(@TempDir Path data) throws Exception {
        var settings = RedisSettings.temporary().withDataFolder(data);
        try (var redis = EmbeddedRedis.start(settings)) {
            assertThatThrownBy(() -> EmbeddedRedis.start(settings, SHORT))
                    .hasMessageContaining("another Redis, process " + redis.pid());
        }
    }

    @Test
    void the_next_server_waits_for_the_last_one_to_leave_the_folder(@TempDir Path data) throws Exception {
        var settings = RedisSettings.temporary().withDataFolder(data);
        var first = EmbeddedRedis.start(settings);
        var closed = CompletableFuture.runAsync(first::close, CompletableFuture.delayedExecutor(300, MILLISECONDS));

        try (var second = EmbeddedRedis.start(settings)) {
            assertThat(first.running()).isFalse();
            assertThat(second.running()).isTrue();
        }
        closed.get(10, SECONDS);
    }

    @Test
    void a_crash_of_the_server_is_told_with_its_exit_code() throws Exception {
        try (var redis = EmbeddedRedis.start(RedisSettings.temporary())) {
            redis.kill();

            assertThat(redis.running()).isFalse();
            assertThat(redis.ended().get(10, SECONDS)).isEqualTo(137);
        }
    }

    @Test
    void it_ends_when_its_jvm_is_killed() throws Exception {
        var child = child("wait");
        var pid = pidFrom(child);

        child.destroyForcibly();

        awaitGone(pid);
    }

    @Test
    void it_ends_when_its_jvm_exits_without_closing_it() throws Exception {
        var child = child("exit");

        awaitGone(pidFrom(child));

        assertThat(child.waitFor()).isZero();
    }

    @Test
    void it_ends_when_the_whole_process_group_of_its_jvm_is_killed() throws Exception {
        var child = child("wait");
        var pid = pidFrom(child);

        signalGroup("KILL", child.pid());

        awaitGone(pid);
    }

    @Test
    void a_ctrl_c_in_the_terminal_leaves_it_to_the_draining_gateway() throws Exception {
        var child = child("drain");
        var pid = pidFrom(child);

        signalGroup("INT", child.pid());

        assertThat(child.inputReader().readLine()).isEqualTo("Redis answered while draining: true");
        awaitGone(pid);
    }

    @Test
    void the_environment_does_not_reach_it(@TempDir Path folder) throws Exception {
        var showing = folder.resolve("showing-server"); // the real one wipes its own environment, and shows nothing
        Files.writeString(showing, "#!/bin/sh\nenv\nexit 3\n");
        assertThat(showing.toFile().setExecutable(true)).isTrue();

        assertThatThrownBy(() -> EmbeddedRedis.start(RedisSettings.temporary().withExecutable(showing)))
                .satisfies(shown -> assertThat(
                                String.valueOf(shown.getMessage()).lines().skip(1))
                        .isNotEmpty()
                        .allMatch(variable -> variable.matches("(PATH|PWD|OLDPWD|_|SHLVL)=.*")));
    }

    /** A JVM of its own that starts a server, says its pid, and ends in the given way. In a group of its own. */
    private Process child(String end) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var child = new ProcessBuilder(
                        // Tests run in the background of a script are deaf to Ctrl-C, and hand that down.
                        "setsid",
                        "env",
                        "--default-signal=INT",
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owner.class.getName(),
                        end)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        children.add(child);
        return child;
    }

    private static long pidFrom(Process child) throws IOException {
        return Long.parseLong(child.inputReader().readLine());
    }

    private static void signalGroup(String signal, long group) throws Exception {
        assertThat(new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " -" + group)
                        .start()
                        .waitFor())
                .isZero();
    }

    private static void awaitGone(long pid) throws Exception {
        var server = ProcessHandle.of(pid);
        if (server.isPresent()) {
            server.get().onExit().get(20, SECONDS);
        }
    }

    private static String ask(int port, String command) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write((command + "\r\nQUIT\r\n").getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** What {@link #child} runs. */
    static final class Owner {
        private Owner() {}

        public static void main(String[] args) throws Exception {
            var redis = EmbeddedRedis.start(RedisSettings.temporary());
            if (args[0].equals("drain")) {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(redis)));
            }
            System.out.println(redis.pid());
            if (args[0].equals("exit")) {
                System.exit(0);
            }
            Thread.sleep(60_000);
        }

        private static void drain(EmbeddedRedis redis) {
            try {
                Thread.sleep(500); // long enough for a server that had taken the signal to be gone
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            System.out.println("Redis answered while draining: " + RedisProbe.ready(redis.port(), redis.pid()));
            redis.close();
        }
    }
}
