// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.scale;

import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Who held each partition when, as a look at the leases every 20 ms tells. Threads: its own; any may ask. */
final class LeaseWatch {
    static final String GROUP = "echo.1";
    private static final long PAUSE_NANOS = 20_000_000;

    /** From then on; {@code process} is empty if nobody held it, because the last owner had given it back. */
    private record Held(long nanos, String process, long epoch) {}

    private final RedisAsyncCommands<String, String> redis;
    private final List<List<Held>> partitions;
    private final Thread thread;
    private volatile boolean stopping;

    /** {@code redis} is a connection of its own. */
    LeaseWatch(RedisAsyncCommands<String, String> redis, ScalePlan plan) {
        this.redis = redis;
        partitions = IntStream.range(0, plan.partitions())
                .<List<Held>>mapToObj(ignored -> new ArrayList<>(List.of(new Held(System.nanoTime(), "", -1))))
                .toList();
        thread = new Thread(this::watch, "lease-watch");
    }

    void start() {
        thread.start();
    }

    void stop() throws InterruptedException {
        stopping = true;
        thread.join();
    }

    private void watch() {
        while (!stopping) {
            var leases = IntStream.range(0, partitions.size())
                    .mapToObj(partition -> redis.hmget("g1:own:{p" + partition + "}:" + GROUP, "o", "e"))
                    .toList();
            for (var partition = 0; partition < leases.size(); partition++) {
                var lease = leases.get(partition).toCompletableFuture().join();
                seen(
                        partition,
                        lease.get(0).getValueOrElse(""),
                        Long.parseLong(lease.get(1).getValueOrElse("-1")));
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    // An owner's name is that of its process and a number.
    private synchronized void seen(int partition, String owner, long epoch) {
        var history = partitions.get(partition);
        var process = owner.substring(0, Math.max(0, owner.lastIndexOf(':')));
        var before = history.getLast();
        if (!before.process().equals(process) || before.epoch() != epoch) {
            history.add(new Held(System.nanoTime(), process, epoch));
        }
    }

    /**
     * How long each partition of a process that died or was stopped then was without another holder; only those that
     * had one before {@code untilNanos}.
     */
    synchronized List<Duration> takeovers(String process, long atNanos, long untilNanos) {
        var all = new ArrayList<Duration>();
        for (var history : partitions) {
            var held = new Held(0, "", -1);
            for (var next : history) {
                if (next.nanos() <= atNanos) {
                    held = next;
                } else if (held.process().equals(process) && !process.isEmpty()) {
                    // Given back means that it was being handed over at that moment.
                    if (!next.process().isEmpty() && !next.process().equals(process) && next.nanos() < untilNanos) {
                        all.add(Duration.ofNanos(next.nanos() - atNanos));
                    }
                    break;
                }
            }
        }
        return all;
    }

    /** How long partitions that were given back had no holder, of those with no fault since so long before. */
    synchronized List<Duration> handovers(List<Long> faultNanos, Duration quiet) {
        var all = new ArrayList<Duration>();
        for (var history : partitions) {
            // The first entry is from before there was anybody.
            for (var i = 1; i + 1 < history.size(); i++) {
                var free = history.get(i);
                var next = history.get(i + 1);
                if (free.process().isEmpty()
                        && faultNanos.stream()
                                .noneMatch(fault -> fault > free.nanos() - quiet.toNanos() && fault < next.nanos())) {
                    all.add(Duration.ofNanos(next.nanos() - free.nanos()));
                }
            }
        }
        return all;
    }
}
