// SPDX-License-Identifier: Apache-2.0
package dev.spillway.load.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A Redis and one worker on it, which works in its turns only: between them its subscription is paused, by the row of the
 * register. For one thread.
 */
final class WorkStage implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Workers look at the register once a second. */
    private static final Duration OBEYED = Duration.ofMillis(2_500);

    private static final String REGISTER = "g1:subs";
    private static final String BOT = "echo";
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    /** So much waits even at a backlog of 0, or the worker would wait for the one who measures. */
    private static final long BUSY_LEAST = 30_000;

    private static final String SUBSCRIPTION = "echo.1";
    private static final long HOUR_MILLIS = 3_600_000;

    private final WorkCase what;
    private final RedisServer redis;
    private final RedisSocket feeding;
    private final Contender worker;
    private final WaitingEvents events;

    private WorkStage(WorkCase what, RedisServer redis, RedisSocket feeding, Contender worker) {
        this.what = what;
        this.redis = redis;
        this.feeding = feeding;
        this.worker = worker;
        this.events = new WaitingEvents(feeding, what.partitions());
    }

    WorkCase what() {
        return what;
    }

    static WorkStage start(BenchSettings settings, WorkCase what, Path executable, Path folder)
            throws IOException, InterruptedException, Skipped {
        var redis = RedisServer.start(executable, folder, Durability.EVERYSEC, "6gb");
        try {
            fillGuard(GuardFill.of(settings.jar(), redis.socket(), what.partitions()), what.guardHours());
            // The lease it worked under is nobody's.
            forgetLeases(redis.socket(), what.partitions());
            var worker = new Starter(
                            settings.withPartitions(what.partitions()),
                            new Tools(false, folder),
                            Durability.EVERYSEC,
                            redis.port(),
                            folder)
                    .worker();
            var stage = new WorkStage(what, redis, new RedisSocket(redis.port()), worker);
            stage.pause(true);
            if (what.backlog() > 0) {
                stage.events.add(what.backlog());
            }
            return stage;
        } catch (IOException | InterruptedException | RuntimeException | Skipped failed) {
            redis.close();
            throw failed;
        }
    }

    private static void fillGuard(GuardFill fill, int hours) throws IOException {
        var now = System.currentTimeMillis() / HOUR_MILLIS;
        for (var hour = now - hours; hour < now; hour++) {
            fill.hour(hour, WorkCase.KEYS_AN_HOUR);
        }
    }

    private static void forgetLeases(RedisSocket redis, int partitions) throws IOException {
        for (var partition = 0; partition < partitions; partition++) {
            redis.answer("DEL", "g1:own:{p" + partition + "}:" + SUBSCRIPTION, "g1:ctr:{p" + partition + "}");
        }
    }

    /** Lets the worker work for so long before it counts, and then for so long; the backlog stays as it is. */
    WorkRound turn(Duration before, Duration counted) throws IOException, InterruptedException {
        pause(false);
        awaitProgress();
        work(before);
        var scripts = scriptMicros();
        var process = redis.load().process();
        var workerMillis = ProcessTime.millis(worker.child().handle());
        var finished = finished();
        var started = System.nanoTime();
        work(counted);
        var round = new WorkRound(
                (System.nanoTime() - started) / 1e9,
                finished() - finished,
                scriptMicros() - scripts,
                redis.load().process() - process,
                (ProcessTime.millis(worker.child().handle()) - workerMillis) * 1_000);
        pause(true);
        return round;
    }

    long heapAfterCollection() throws IOException, InterruptedException {
        return new Heap(worker).afterCollection();
    }

    /** Fails if an event became anything else than done. */
    void requireAllDone() throws IOException {
        var odd = sum("dead") + sum("filtered") + sum("skipped");
        if (odd > 0) {
            throw new IOException(what.name() + ": " + odd + " events were not done by the bot");
        }
    }

    private void work(Duration time) throws IOException, InterruptedException {
        var end = System.nanoTime() + time.toNanos();
        var least = Math.max(BUSY_LEAST, what.backlog());
        while (System.nanoTime() < end) {
            var missing = least - (counter("added") - finished());
            if (missing > 0) {
                events.add(missing);
            }
            Thread.sleep(LOOK_EVERY);
        }
    }

    private void awaitProgress() throws IOException, InterruptedException {
        if (what.backlog() == 0) {
            events.add(BUSY_LEAST);
        }
        var finished = finished();
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (finished() == finished) {
            worker.child().requireRunning();
            if (System.nanoTime() > deadline) {
                throw new IOException(what.name() + ": the worker does not work");
            }
            Thread.sleep(LOOK_EVERY);
        }
    }

    // What the worker asks of Redis is scripts, and the doorbell; what they call is within.
    private long scriptMicros() throws IOException {
        return RedisLoad.micros(
                redis.socket().text("INFO", "commandstats"), Set.of("eval", "evalsha", "xread")::contains);
    }

    private long finished() throws IOException {
        return sum("fin");
    }

    private long sum(String counter) throws IOException {
        return counter(SUBSCRIPTION + ":" + counter);
    }

    private long counter(String name) throws IOException {
        var commands = new ArrayList<List<byte[]>>();
        IntStream.range(0, what.partitions())
                .forEach(partition -> commands.add(List.of(
                        "HGET".getBytes(StandardCharsets.UTF_8),
                        ("g1:ctr:{p" + partition + "}").getBytes(StandardCharsets.UTF_8),
                        name.getBytes(StandardCharsets.UTF_8))));
        var sum = 0L;
        for (var answer : feeding.answers(commands)) {
            if (answer instanceof byte[] number && number.length > 0) {
                sum += Long.parseLong(new String(number, StandardCharsets.UTF_8));
            }
        }
        return sum;
    }

    private void pause(boolean paused) throws IOException, InterruptedException {
        var row = redis.socket().text("HGET", REGISTER, BOT);
        redis.socket().answer("HSET", REGISTER, BOT, row.replace("\"paused\":" + !paused, "\"paused\":" + paused));
        if (paused) {
            Thread.sleep(OBEYED);
        }
    }

    @Override
    public void close() throws IOException {
        worker.close();
        feeding.close();
        redis.close();
    }
}
