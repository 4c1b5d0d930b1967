// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Spillway as its users run it: the built jar in a JVM of its own, to be crashed, stopped and started again.
 *
 * <p>What it prints goes to a file under {@code target/processes}; whoever waits for it in vain gets the last lines. It
 * ends with {@link #close}, and at the latest with the test's JVM.
 */
public final class GatewayProcess implements AutoCloseable {
    private static final int LINES_SHOWN = 40;
    private static final long PAUSE_MILLIS = 20;
    private static final int HTTP_MILLIS = 1_000;
    private static final AtomicInteger STARTED = new AtomicInteger();
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
    }

    private final Process process;
    private final Path output;

    private GatewayProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** {@code java -jar spillway.jar run --config FILE}; the jar is named by the system property {@code spillway.jar}. */
    public static Launch gateway(Path config) {
        return jar("run", "--config", config.toString());
    }

    /** {@code java -jar spillway.jar} with these arguments. */
    public static Launch jar(String... arguments) {
        var jar = System.getProperty("spillway.jar", "");
        if (jar.isEmpty() || !Files.exists(Path.of(jar))) {
            throw new IllegalStateException("no jar at -Dspillway.jar=" + jar + ": build it first (mvn package)");
        }
        return new Launch(List.of("-jar", jar), arguments);
    }

    /** Any main class on the test's own class path. */
    public static Launch main(Class<?> type, String... arguments) {
        return new Launch(List.of("-cp", System.getProperty("java.class.path"), type.getName()), arguments);
    }

    /** How it is to be started. */
    public static final class Launch {
        private final List<String> program;
        private final List<String> arguments;
        private final List<String> flags = new ArrayList<>(List.of("-Xmx128m", "-XX:+UseSerialGC"));
        private final Map<String, String> environment = new LinkedHashMap<>();
        private String name = "gateway";

        private Launch(List<String> program, String... arguments) {
            this.program = program;
            this.arguments = List.of(arguments);
            if (Runtime.version().feature() >= 24) {
                flags.add("--enable-native-access=ALL-UNNAMED");
                flags.add("--sun-misc-unsafe-memory-access=allow");
            }
        }

        /** The name of its output file. */
        public Launch named(String newName) {
            name = newName;
            return this;
        }

        /** Further JVM flags; the last of its kind wins, so {@code -Xmx256m} is a larger heap. */
        public Launch flag(String flag) {
            flags.add(flag);
            return this;
        }

        public Launch property(String key, String value) {
            return flag("-D" + key + "=" + value);
        }

        /** Halts at the n-th passage of a crash point, with exit code 137. */
        public Launch crashingAt(String point, int nth) {
            return property("spillway.crash", point + ":" + nth);
        }

        public Launch environment(String key, String value) {
            environment.put(key, value);
            return this;
        }

        public GatewayProcess start() {
            var command = new ArrayList<String>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(flags);
            command.addAll(program);
            command.addAll(arguments);
            try {
                var folder = Files.createDirectories(Path.of("target", "processes"));
                var output = folder.resolve(
                        name + "-" + ProcessHandle.current().pid() + "-" + STARTED.incrementAndGet() + ".log");
                var builder =
                        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
                builder.environment().keySet().removeIf(key -> key.startsWith("SPILLWAY_")); // a test says what it sets
                builder.environment().putAll(environment);
                var process = builder.start();
                RUNNING.add(process);
                var unused = process.onExit().thenAccept(RUNNING::remove);
                return new GatewayProcess(process, output);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean running() {
        return process.isAlive();
    }

    /** The file with everything it has printed. */
    public Path output() {
        return output;
    }

    /** Waits until a GET of this address is answered with 200. */
    public GatewayProcess awaitReady(URI address, Duration patience) {
        await("ready at " + address, () -> status(address) == HttpURLConnection.HTTP_OK, patience);
        return this;
    }

    /** Waits until it has printed a line that contains this, and returns the first such line. */
    public String awaitLine(String part, Duration patience) {
        await("a line with \"" + part + "\"", () -> lineWith(part) != null, patience);
        return String.valueOf(lineWith(part));
    }

    /** Waits until it has ended, and returns its exit code; 137 after a kill or a crash point, 143 after SIGTERM. */
    public int awaitExit(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("still running after " + patience + lastLines());
            }
            return process.exitValue();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stopped);
        }
    }

    /** As a crash: no shutdown hook runs. Returns when it is gone. */
    public void kill9() {
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(10));
    }

    /** SIGTERM, the beginning of an orderly end. */
    public void terminate() {
        Signal.TERM.to(pid());
    }

    /** SIGINT, as Ctrl-C. */
    public void interrupt() {
        Signal.INT.to(pid());
    }

    /** Holds it still, as a long collection or a stalled machine would. */
    public void freeze() {
        Signal.STOP.to(pid());
    }

    public void thaw() {
        Signal.CONT.to(pid());
    }

    @Override
    public void close() {
        kill9();
    }

    private void await(String what, BooleanSupplier reached, Duration patience) {
        var deadline = System.nanoTime() + patience.toNanos();
        try {
            while (!reached.getAsBoolean()) {
                // Asked before the last look: what it printed before its end must still be seen.
                var ended = process.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
                if (reached.getAsBoolean()) {
                    return;
                }
                if (ended) {
                    throw new AssertionError(
                            "ended with code " + process.exitValue() + " before it was " + what + lastLines());
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError("not " + what + " after " + patience + lastLines());
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stopped);
        }
    }

    private static int status(URI address) {
        try {
            var connection = (HttpURLConnection) address.toURL().openConnection();
            connection.setConnectTimeout(HTTP_MILLIS);
            connection.setReadTimeout(HTTP_MILLIS);
            try {
                return connection.getResponseCode();
            } finally {
                connection.disconnect();
            }
        } catch (IOException notYet) {
            return 0;
        }
    }

    /** Only among whole lines: what it is just printing may go on. */
    private @Nullable String lineWith(String part) {
        var text = text();
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .filter(line -> line.contains(part))
                .findFirst()
                .orElse(null);
    }

    private String lastLines() {
        var lines = text().lines().toList();
        return "; its last lines in " + output + ":\n"
                + String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
    }

    private String text() {
        try {
            return new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
