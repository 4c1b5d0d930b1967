// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** One figure: a fresh Redis, a fresh gateway, a load, and how much more Redis uses after it. */
final class SizingRun {
    /** How the load comes, in events whose own JSON has so many bytes. */
    record Load(int postsPerSecond, int seconds, int connections, int eventsPerPost, int eventBytes) {
        long events() {
            return (long) postsPerSecond * seconds * eventsPerPost;
        }
    }

    private static final int KEYS = 204_800;
    private static final long HOUR_MILLIS = 3_600_000;
    /** Before anything counts, every partition has its keys, and a stream with a block begun. */
    private static final Load FIRST = new Load(400, 2, 8, 1, 500);

    private final BenchSettings settings;
    private final Tools tools;
    private final Path executable;
    private final Path folder;

    SizingRun(BenchSettings settings, Tools tools, Path executable, Path folder) {
        this.settings = settings;
        this.tools = tools;
        this.executable = executable;
        this.folder = folder;
    }

    /** What an event takes that waits in a stream. */
    MemoryFigure events(String what, Load load, int most) throws IOException, InterruptedException, Skipped {
        try (var redis = redis();
                var spillway = starter(redis).start(Contender.SPILLWAY)) {
            var store = new SizedStore(redis.socket());
            var now = System.currentTimeMillis();
            post(spillway, texts("w", FIRST, now), FIRST);
            var streams = store.keys("g1:in:*");
            var bytes = store.settledBytes();
            var usage = store.usage(streams);
            var entries = store.sum(streams, "XLEN");

            post(spillway, texts("r", load, now), load);

            bytes = store.settledBytes() - bytes;
            usage = store.usage(streams) - usage;
            entries = store.sum(streams, "XLEN") - entries;
            return new MemoryFigure(what, load.events(), entries, bytes, usage, most);
        }
    }

    /** What a key of the once-guard takes, in the buckets of so many hours, one after the other. */
    MemoryFigure keys(String what, int hours, int most) throws IOException, InterruptedException {
        try (var redis = redis()) {
            var store = new SizedStore(redis.socket());
            var fill = GuardFill.of(settings.jar(), redis.socket(), settings.partitions());
            var now = System.currentTimeMillis() / HOUR_MILLIS;
            var filled = 0;
            for (var hour = now - hours + 1; hour <= now; hour++) {
                filled += fill.hour(hour, KEYS / hours);
            }

            var hashes = store.keys("g1:once:*");
            var all = store.keys("g1:once*");
            if (store.sum(hashes, "HLEN") != filled) {
                throw new IOException("not every key is there");
            }
            var usage = store.usage(all);
            var bytes = store.settledBytes();
            store.delete(all);
            return new MemoryFigure(what, filled, hashes.size(), bytes - store.settledBytes(), usage, most);
        }
    }

    private RedisServer redis() throws IOException, InterruptedException {
        return RedisServer.start(executable, folder, Durability.EVERYSEC);
    }

    private Starter starter(RedisServer redis) {
        return new Starter(settings, tools, Durability.EVERYSEC, redis.port(), folder);
    }

    private static SizedBodies texts(String run, Load load, long now) {
        return new SizedBodies(run, now, load.eventBytes(), load.eventsPerPost());
    }

    private static void post(Contender spillway, SizedBodies bodies, Load load) throws IOException {
        var steps = List.of(new Schedule.Step(load.postsPerSecond(), load.seconds()));
        var statuses = OpenLoop.run(spillway.port(), load.connections(), bodies::request, Schedule.of(steps))
                .statuses();
        // A figure of fewer events than were divided by would be too good.
        if (statuses.getOrDefault(200, 0L) != (long) load.postsPerSecond() * load.seconds()) {
            throw new IOException("not everything was taken: " + statuses);
        }
    }
}
