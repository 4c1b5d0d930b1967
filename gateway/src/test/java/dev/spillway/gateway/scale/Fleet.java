// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.scale;

import dev.spillway.gateway.kit.GatewayProcess;
import dev.spillway.gateway.kit.Ports;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The processes of a run: one that takes webhooks, and workers that come and go. Owned by one thread. */
final class Fleet implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final RedisCommands<String, String> redis;
    private final String redisUri;
    private final ScalePlan plan;
    private final Path folder;
    private final Set<String> known = new HashSet<>();
    private final List<Worker> workers = new ArrayList<>();
    private final List<GatewayProcess> all = new ArrayList<>();

    Fleet(RedisCommands<String, String> redis, String redisUri, ScalePlan plan, Path folder) {
        this.redis = redis;
        this.redisUri = redisUri;
        this.plan = plan;
        this.folder = folder;
    }

    /** A worker, and what it calls itself in leases. */
    record Worker(String name, GatewayProcess process) {}

    /** The port of its webhooks. */
    int startIngest() throws IOException {
        var httpPort = Ports.toKeep();
        var opsPort = Ports.toKeep();
        start("ingest", httpPort, opsPort).awaitReady(URI.create("http://127.0.0.1:" + opsPort + "/readyz"), PATIENCE);
        return httpPort;
    }

    List<Worker> workers() {
        return workers;
    }

    /** One more; returns when the others know of it. They start one by one, so whoever is new is this one. */
    void add() throws IOException, InterruptedException {
        var process = start("worker", 0, Ports.toKeep());
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            for (var member : redis.zrange("g1:members:" + LeaseWatch.GROUP, 0, -1)) {
                if (known.add(member)) {
                    workers.add(new Worker(member, process));
                    return;
                }
            }
            if (!process.running() || System.nanoTime() > deadline) {
                throw new AssertionError("no new member; see " + process.output());
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    void kill(Worker victim) {
        victim.process().kill9();
        workers.remove(victim);
    }

    /** As Kubernetes does when it scales down; returns at once. */
    void letGo(Worker one) {
        one.process().terminate();
        workers.remove(one);
    }

    /** How many lines all processes have printed that contain this. */
    long linesWith(String part) throws IOException {
        var lines = 0L;
        for (var process : all) {
            lines += Files.readString(process.output())
                    .lines()
                    .filter(line -> line.contains(part))
                    .count();
        }
        return lines;
    }

    // As little compiling and as few threads as can be: there are more processes here than cores.
    private GatewayProcess start(String role, int httpPort, int opsPort) throws IOException {
        var file = Files.createTempFile(folder, role, ".yaml");
        Files.writeString(file, plan.yaml(redisUri, role, httpPort, opsPort));
        var process = GatewayProcess.gateway(file)
                .named("scale-" + role)
                .flag("-Xmx192m")
                .flag("-XX:TieredStopAtLevel=1")
                .start();
        all.add(process);
        return process;
    }

    @Override
    public void close() {
        all.forEach(GatewayProcess::close);
    }
}
