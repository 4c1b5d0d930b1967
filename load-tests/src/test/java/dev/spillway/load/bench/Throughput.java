// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The program that measures what it costs to take events, run a bot that does nothing, and commit: at several numbers of
 * partitions, backlogs, and sizes of the once-guard, in turns.
 *
 * <p>Ends with 0 when it ran to its end, whether targets were hit or missed, and with 1 when it could not.
 */
public final class Throughput {
    private static final WorkCase BASE = new WorkCase(64, 0, 1);
    private static final long MILLION = 1_000_000;
    /** Ten million keys. */
    private static final int DAY = 24;

    private Throughput() {}

    /** Options are system properties: see {@code load-tests/README.md}. */
    public static void main(String[] arguments) {
        Program.main("benchmark", Throughput::run);
    }

    private static List<WorkCase> cases() {
        var quick = Boolean.getBoolean("bench.quick");
        var cases = new ArrayList<>(List.of(
                BASE,
                new WorkCase(1, 0, 1),
                new WorkCase(256, 0, 1),
                new WorkCase(64, quick ? MILLION / 10 : MILLION, 1),
                new WorkCase(64, 0, quick ? 2 : DAY)));
        if (!quick) {
            cases.add(new WorkCase(64, 5 * MILLION, 1));
        }
        return cases;
    }

    private static boolean run(BenchSettings settings) throws IOException, InterruptedException, Skipped {
        var machine = Machine.now();
        machine.lines().forEach(System.out::println);
        var stages = new ArrayList<WorkStage>();
        try (var work = WorkFolder.in(settings.reports())) {
            try {
                var redis = Benchmark.redisServer(settings, new Tools(settings.install(), work.path()), work);
                for (var one : cases()) {
                    stages.add(WorkStage.start(settings, one, redis, work.make("work-" + stages.size())));
                    System.out.println("ready: " + one.name());
                }
                var report = WorkReport.of(BASE, measured(settings, stages), heaps(stages));
                Files.writeString(settings.reports().resolve("throughput.md"), report);
                System.out.println("\n" + report);
            } finally {
                for (var stage : stages) {
                    stage.close();
                }
            }
        }
        return true;
    }

    private static Map<WorkCase, List<WorkRound>> measured(BenchSettings settings, List<WorkStage> stages)
            throws IOException, InterruptedException {
        for (var stage : stages) {
            // Not counted: a JVM that has just started compiles.
            stage.turn(Duration.ofSeconds(settings.warmUpSeconds()), Duration.ofSeconds(1));
        }
        System.out.println("warm");
        var rounds = new LinkedHashMap<WorkCase, List<WorkRound>>();
        for (var round = 0; round < settings.rounds(); round++) {
            for (var stage : stages) {
                var turn = stage.turn(Duration.ofSeconds(1), settings.round());
                stage.requireAllDone();
                rounds.computeIfAbsent(stage.what(), ignored -> new ArrayList<>())
                        .add(turn);
                System.out.println(stage.what().name() + ": " + WorkReport.line(turn));
            }
        }
        return rounds;
    }

    private static Map<WorkCase, Long> heaps(List<WorkStage> stages) throws IOException, InterruptedException {
        var heaps = new LinkedHashMap<WorkCase, Long>();
        for (var stage : stages) {
            heaps.put(stage.what(), stage.heapAfterCollection());
        }
        return heaps;
    }
}
