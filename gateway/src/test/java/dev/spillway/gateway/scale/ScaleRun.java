// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.scale;

import dev.spillway.gateway.dev.RedisSettings;
import dev.spillway.gateway.kit.RedisRig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Scales workers up and down while some are killed and some held still, and counts what became of every text.
 *
 * <p>The faults are spread evenly over the run, which of them comes when and whom it hits is the seed's. Around a change of
 * the number of workers there is none, so that clean handovers can be told from others.
 */
final class ScaleRun implements AutoCloseable {
    private static final Duration IDLE_PATIENCE = Duration.ofMinutes(3);
    /** After it nobody counts on one who is gone: a member is forgotten after three seconds. */
    private static final Duration QUIET = Duration.ofSeconds(4);

    private final ScalePlan plan;
    private final Random random;
    private final RedisRig rig;
    private final RedisClient client;
    private final RedisCommands<String, String> redis;
    private final Path folder;
    private final Fleet fleet;
    private final LeaseWatch leases;
    private final ReplyBook replies;
    private final List<Struck> struck = new ArrayList<>();
    private final List<Sleeper> sleepers = new ArrayList<>();
    private final List<Long> faults = new ArrayList<>();
    private int kills;
    private int stops;

    private enum Fault {
        KILL,
        STOP
    }

    /** Whose partitions others were to take, and until when. */
    private record Struck(String process, long atNanos, long untilNanos) {}

    private record Sleeper(Fleet.Worker worker, long atNanos, long wakesNanos) {}

    private ScaleRun(ScalePlan plan) throws IOException {
        this.plan = plan;
        random = new Random(plan.seed());
        rig = RedisRig.start(settings -> settings.withFsync(RedisSettings.Fsync.EVERYSEC));
        client = RedisClient.create(rig.uri());
        redis = client.connect().sync();
        folder = Files.createTempDirectory("spillway-scale-");
        fleet = new Fleet(redis, rig.uri(), plan, folder);
        leases = new LeaseWatch(client.connect().async(), plan);
        replies = new ReplyBook(client.connect().sync(), plan);
    }

    /** Runs the plan to its end. */
    static ScaleReport of(ScalePlan plan) throws IOException, InterruptedException {
        try (var run = new ScaleRun(plan)) {
            return run.report();
        }
    }

    /**
     * The property {@code scale.seed} may say the seed of an earlier run. Exit code 0 if all is hit, 1 if a promise is
     * broken, 3 if only figures are missed.
     */
    public static void main(String[] arguments) throws Exception {
        var given = System.getProperty("scale.seed", "");
        var seed = given.isBlank() ? System.nanoTime() : Long.parseLong(given);
        var report = of(ScalePlan.full(seed));
        System.out.print(report.describe());
        System.exit(report.hitsAll() ? 0 : report.keepsPromises() ? 3 : 1);
    }

    private ScaleReport report() throws IOException, InterruptedException {
        var httpPort = fleet.startIngest();
        fleet.add();
        leases.start();
        replies.start();
        // A JVM that has just started is not what is measured.
        var writers = Writers.start(httpPort, plan);
        TimeUnit.SECONDS.sleep(3);
        var started = System.nanoTime();
        var before = writers.acknowledged();

        goThrough();

        var seconds = (System.nanoTime() - started) / 1e9;
        var rate = (writers.acknowledged() - before) / seconds;
        writers.stop();
        awaitIdle();
        // A takeover may still be under way, of partitions without events.
        TimeUnit.MILLISECONDS.sleep(plan.leaseTtl().toMillis() + 2_000);
        leases.stop();
        var sum = replies.close(writers);
        var takeovers = struck.stream()
                .flatMap(one -> leases.takeovers(one.process(), one.atNanos(), one.untilNanos()).stream())
                .toList();
        return new ScaleReport(
                plan,
                rate,
                writers.acknowledged(),
                counter("fin") - counter("done") - counter("dead") - counter("filtered") - counter("skipped"),
                added() / (double) entries(),
                kills,
                stops,
                sum,
                counter("done"),
                counter("dead"),
                fenced(),
                fleet.linesWith("Lost a partition"),
                takeovers,
                leases.handovers(faults, QUIET));
    }

    private void goThrough() throws IOException, InterruptedException {
        var coming = new ArrayList<>(Collections.nCopies(plan.kills(), Fault.KILL));
        coming.addAll(Collections.nCopies(plan.stops(), Fault.STOP));
        Collections.shuffle(coming, random);
        var all = coming.size();
        for (var phase : plan.phases()) {
            scaleTo(phase.workers());
            var share = (int) Math.ceil(
                    (double) all * phase.time().toMillis() / plan.time().toMillis());
            var faultsNow = coming.subList(0, Math.min(share, coming.size()));
            var every = phase.time().minus(QUIET).dividedBy(Math.max(1, faultsNow.size()));
            var next = System.nanoTime() + QUIET.toNanos();
            for (var fault : List.copyOf(faultsNow)) {
                waitUntil(next);
                next += every.toNanos();
                strike(fault);
            }
            faultsNow.clear();
            waitUntil(next);
        }
        awaitSleepers();
    }

    private void awaitSleepers() throws InterruptedException {
        while (!sleepers.isEmpty()) {
            waitUntil(System.nanoTime() + 100_000_000);
        }
    }

    private void scaleTo(int workers) throws IOException, InterruptedException {
        awaitSleepers();
        while (fleet.workers().size() > workers) {
            fleet.letGo(fleet.workers().getFirst());
        }
        while (fleet.workers().size() < workers) {
            fleet.add();
        }
    }

    // One who sleeps is left asleep; and somebody must be there to take over from one who is put to sleep.
    private void strike(Fault fault) throws IOException, InterruptedException {
        while (awake().isEmpty()) {
            waitUntil(System.nanoTime() + 100_000_000);
        }
        var awake = awake();
        var victim = awake.get(random.nextInt(awake.size()));
        var now = System.nanoTime();
        faults.add(now);
        switch (fault) {
            case KILL -> {
                fleet.kill(victim);
                struck.add(new Struck(victim.name(), now, Long.MAX_VALUE));
                kills++;
                waitUntil(System.nanoTime() + random.nextLong(200_000_000, 1_500_000_000));
                fleet.add();
            }
            case STOP -> {
                victim.process().freeze();
                sleepers.add(new Sleeper(victim, now, now + plan.stopped().toNanos()));
                stops++;
            }
        }
    }

    private List<Fleet.Worker> awake() {
        return fleet.workers().stream()
                .filter(worker ->
                        sleepers.stream().noneMatch(sleeper -> sleeper.worker().equals(worker)))
                .toList();
    }

    /** Wakes whose time has come meanwhile. */
    private void waitUntil(long nanos) throws InterruptedException {
        do {
            var now = System.nanoTime();
            for (var sleeper : List.copyOf(sleepers)) {
                if (sleeper.wakesNanos() <= now) {
                    sleeper.worker().process().thaw();
                    sleepers.remove(sleeper);
                    struck.add(new Struck(sleeper.worker().name(), sleeper.atNanos(), now));
                    faults.add(now);
                }
            }
            TimeUnit.MILLISECONDS.sleep(20);
        } while (System.nanoTime() < nanos);
    }

    private void awaitIdle() throws InterruptedException {
        var deadline = System.nanoTime() + IDLE_PATIENCE.toNanos();
        // In this order: what is added and finished meanwhile must not hide one that waits.
        while (counter("fin") + counter("base") != added()) {
            if (System.nanoTime() > deadline) {
                System.out.println("not all events are finished after " + IDLE_PATIENCE + ": the rest counts as lost");
                return;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private long added() {
        return sum("added");
    }

    private long counter(String name) {
        return sum(LeaseWatch.GROUP + ":" + name);
    }

    private long sum(String field) {
        return IntStream.range(0, plan.partitions())
                .mapToObj(partition -> redis.hget("g1:ctr:{p" + partition + "}", field))
                .mapToLong(value -> value == null ? 0 : Long.parseLong(value))
                .sum();
    }

    private long entries() {
        return IntStream.range(0, plan.partitions())
                .mapToLong(partition -> {
                    var told = redis.xinfoStream("g1:in:{p" + partition + "}");
                    return (Long) told.get(told.indexOf("entries-added") + 1);
                })
                .sum();
    }

    private long fenced() {
        var stat = rig.info("errorstats").get("errorstat_FENCED");
        return stat == null ? 0 : Long.parseLong(stat.substring("count=".length()));
    }

    @Override
    public void close() throws IOException {
        fleet.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        rig.close();
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
