// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.stream.Stream;

/**
 * The program: starts Redis and the contenders, lets them take turns, and says what came of it.
 *
 * <p>Ends with 0 when it ran to its end, whether targets were hit or missed; with 1 when it could not, and when an
 * acknowledged event was lost.
 */
public final class Benchmark {
    private Benchmark() {}

    /** Options are system properties: see {@code load-tests/README.md}. */
    public static void main(String[] arguments) {
        Program.main("benchmark", Benchmark::run);
    }

    // True if nothing was lost.
    private static boolean run(BenchSettings settings) throws IOException, InterruptedException, Skipped {
        var machine = Machine.now();
        machine.lines().forEach(System.out::println);
        var stages = new ArrayList<StageResult>();
        try (var work = WorkFolder.in(settings.reports())) {
            var tools = new Tools(settings.install(), work.path());
            var redis = redisServer(settings, tools, work);
            for (var durability : settings.durabilities()) {
                stages.add(Stage.run(settings, tools, redis, durability, work));
            }
        }
        var report = new Report(machine, options(settings), settings.scenarios(), stages);
        report.write(settings.reports());
        System.out.println();
        System.out.println(report.markdown());
        System.out.println("Written to " + settings.reports());
        var lost = stages.stream().mapToLong(StageResult::lost).sum();
        if (lost > 0) {
            System.err.println(lost + " acknowledged events were lost");
        }
        return lost == 0;
    }

    private static String options(BenchSettings settings) {
        return settings.rounds() + " rounds of " + settings.seconds() + " s, " + settings.partitions()
                + " partitions, JVM flags " + settings.jvmFlags();
    }

    /** The distribution's, or else the one that dev mode carries. */
    static Path redisServer(BenchSettings settings, Tools tools, WorkFolder work)
            throws IOException, InterruptedException, Skipped {
        var installed = tools.find("redis-server");
        if (installed.isPresent()) {
            return installed.get();
        }
        var lib = settings.root().resolve("gateway/target/lib");
        try (Stream<Path> jars = Files.list(lib)) {
            for (var jar : jars.filter(one -> one.getFileName().toString().startsWith("embedded-redis"))
                    .toList()) {
                return extract(jar, work.path().resolve("redis-server"));
            }
        }
        return tools.program("redis-server", "redis-server");
    }

    private static Path extract(Path jar, Path file) throws IOException {
        var system = System.getProperty("os.arch").equals("aarch64") ? "linux-arm64" : "linux-amd64";
        try (var files = FileSystems.newFileSystem(jar)) {
            Files.copy(files.getPath("redis-server-7.0.15-" + system), file, StandardCopyOption.REPLACE_EXISTING);
        }
        if (!file.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + file + " executable");
        }
        return file;
    }
}
