// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process of the benchmark. It and all it started end with {@link #close}, and at the latest with this JVM: also after
 * a failure or a Ctrl-C.
 */
final class Child implements AutoCloseable {
    private static final int LINES_SHOWN = 20;
    private static final long PATIENCE_SECONDS = 10;
    private static final Set<Child> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Child::killAll));
    }

    private final String name;
    private final Process process;
    private final Path output;

    private Child(String name, Process process, Path output) {
        this.name = name;
        this.process = process;
        this.output = output;
    }

    /** Starts a command in this folder; what it prints goes to a file there. */
    static Child start(String name, Path folder, List<String> command) throws IOException {
        var output = folder.resolve(name + ".log");
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(key -> key.startsWith("SPILLWAY_")); // the benchmark says what is set
        var child = new Child(name, builder.start(), output);
        RUNNING.add(child);
        return child;
    }

    /** Runs a command to its end and returns what it printed; fails if it ends badly or not within this time. */
    static String run(String name, Path folder, List<String> command, long seconds)
            throws IOException, InterruptedException {
        try (var child = start(name, folder, command)) {
            if (!child.process.waitFor(seconds, TimeUnit.SECONDS)) {
                throw new IOException(name + " did not end within " + seconds + " s");
            }
            if (child.process.exitValue() != 0) {
                throw new IOException(name + " ended with " + child.process.exitValue() + ":\n" + child.lastLines());
            }
            return Files.readString(child.output);
        }
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** Fails, with the last lines it printed, if it has ended. */
    void requireRunning() throws IOException {
        if (!process.isAlive()) {
            throw new IOException(name + " ended with " + process.exitValue() + ":\n" + lastLines());
        }
    }

    String lastLines() throws IOException {
        var lines = Files.readAllLines(output);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
    }

    static void killAll() {
        RUNNING.forEach(Child::kill);
    }

    // Nothing that runs here has anything to save.
    private void kill() {
        Stream.concat(process.toHandle().descendants().toList().stream(), Stream.of(process.toHandle()))
                .forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        kill();
        try {
            process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        RUNNING.remove(this);
    }
}
