// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The program that measures what a waiting event and a key of the once-guard take in Redis: with the real gateway, and
 * with a Redis of its own for each figure.
 *
 * <p>Ends with 0 when it ran to its end, whether targets were hit or missed, and with 1 when it could not.
 */
public final class Sizing {
    private static final int EVENT_BYTES = 500;
    private static final int POSTED_EVENT_BYTES = 437;
    private static final int EVENT_MOST = 950;
    private static final int EVENT_OF_EIGHT_MOST = 800;
    private static final int KEY_MOST = 35;

    private final BenchSettings settings;
    private final Tools tools;
    private final WorkFolder work;
    private final Path executable;
    private final List<MemoryFigure> figures = new ArrayList<>();

    private Sizing(BenchSettings settings, Tools tools, WorkFolder work, Path executable) {
        this.settings = settings;
        this.tools = tools;
        this.work = work;
        this.executable = executable;
    }

    /** Options are system properties, those of the benchmark: see {@code load-tests/README.md}. */
    public static void main(String[] arguments) {
        Program.main("sizing", Sizing::run);
    }

    private static boolean run(BenchSettings settings) throws IOException, InterruptedException, Skipped {
        Machine.now().lines().forEach(System.out::println);
        try (var work = WorkFolder.in(settings.reports())) {
            var tools = new Tools(settings.install(), work.path());
            var sizing = new Sizing(settings, tools, work, Benchmark.redisServer(settings, tools, work));
            var event = sizing.events();
            var key = sizing.keys();
            var report = SizingReport.figures(sizing.figures) + "\n\n"
                    + SizingReport.table(new SizingReport.Needs(event.each(), event.counted(), key.each()));
            Files.writeString(settings.reports().resolve("sizing.md"), report);
            System.out.println("\n" + report);
        }
        return true;
    }

    // Returns what to reckon with: the most of the three rates.
    private MemoryFigure events() throws IOException, InterruptedException, Skipped {
        // With one connection one event is under way, so that each has a flush of its own, as ten in a second have.
        var slow = events("waiting event at 10/s", new SizingRun.Load(200, 15, 1, 1, EVENT_BYTES));
        var middle = events("waiting event at 1,000/s", new SizingRun.Load(1_000, 20, 64, 1, EVENT_BYTES));
        var fast = events("waiting event at 10,000/s", new SizingRun.Load(10_000, 6, 512, 1, EVENT_BYTES));
        eight("waiting event in batches of 8", EVENT_BYTES);
        eight("the same of 437 B, as in a POST of 520 B", POSTED_EVENT_BYTES);
        return larger(slow, larger(middle, fast));
    }

    // With one partition, what comes in one POST lies in one entry.
    private void eight(String what, int bytes) throws IOException, InterruptedException, Skipped {
        keep(fresh(settings.withPartitions(1))
                .events(what, new SizingRun.Load(200, 15, 1, 8, bytes), EVENT_OF_EIGHT_MOST));
    }

    private MemoryFigure events(String what, SizingRun.Load load) throws IOException, InterruptedException, Skipped {
        return keep(fresh(settings).events(what, load, EVENT_MOST));
    }

    private MemoryFigure keys() throws IOException, InterruptedException {
        var one = keep(fresh(settings).keys("once-guard key, all of one hour", 1, KEY_MOST));
        var several = keep(fresh(settings).keys("once-guard key, over eight hours", 8, KEY_MOST));
        return larger(one, several);
    }

    private static MemoryFigure larger(MemoryFigure one, MemoryFigure other) {
        return one.each() >= other.each() ? one : other;
    }

    private SizingRun fresh(BenchSettings with) throws IOException {
        return new SizingRun(with, tools, executable, work.make("sizing-" + figures.size()));
    }

    private MemoryFigure keep(MemoryFigure figure) {
        figures.add(figure);
        System.out.println(figure);
        return figure;
    }
}
