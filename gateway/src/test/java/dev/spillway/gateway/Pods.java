// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.gateway.kit.GatewayProcess;
import dev.spillway.gateway.kit.Ports;
import dev.spillway.gateway.sandbox.Delivered;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * Gateways in processes of their own, each at an address that stays, and people who write to them at an even pace through
 * a service that sends to those which are ready, in turn. Owned by one thread.
 */
final class Pods implements AutoCloseable {
    /** Between two texts. */
    static final Duration PACE = Duration.ofMillis(10);

    /** A service does not ask at each webhook, */
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    /** and what one says that is leaving takes its time to get round. */
    private static final Duration LAG = Duration.ofSeconds(1);

    private final PathRig rig;
    private final int users;
    private final UnaryOperator<String> edit;
    private final List<Pod> all = new ArrayList<>();
    private final List<Future<Delivered>> said = new ArrayList<>();
    private int toLeaving;

    /** {@code edit} changes the configuration of all; so many people write. */
    Pods(PathRig rig, int users, UnaryOperator<String> edit) {
        this.rig = rig;
        this.users = users;
        this.edit = edit;
    }

    /** One of them; started again at the same address, as a pod behind a service. */
    final class Pod {
        private final String name;
        private final int httpPort = Ports.toKeep();
        private final int opsPort = Ports.toKeep();
        private final Path config;
        private GatewayProcess process;
        private boolean up;
        private boolean asleep;
        private boolean leaving;
        private long lookedNanos = System.nanoTime();
        private long leftNanos;

        private Pod(String name) throws IOException {
            this.name = name;
            var yaml = rig.yaml(rig.redis.uri(), httpPort, opsPort, "{ echo: { kind: built-in } }", PathRig.UNLIMITED);
            // Long enough for the echo of a send on the wire, which waits until one of them takes webhooks.
            config = rig.file(
                    edit.apply(yaml.replace("send-timeout: 2s, doubt-wait: 3s", "send-timeout: 10s, doubt-wait: 20s")));
            process = started();
        }

        private GatewayProcess started() {
            return GatewayProcess.gateway(config)
                    .named(name)
                    .flag("-XX:TieredStopAtLevel=1")
                    .start();
        }

        GatewayProcess process() {
            return process;
        }

        String metrics() throws IOException, InterruptedException {
            return rig.get("http://127.0.0.1:" + opsPort + "/metrics").body();
        }

        /** How many lines it has printed, since it was last started, that contain this. */
        long linesWith(String part) throws IOException {
            try (var lines = Files.lines(process.output())) {
                return lines.filter(line -> line.contains(part)).count();
            }
        }

        /** Asked of one that is up too: one that drains says no. One that was ended while it started is started again. */
        boolean isReady() {
            if (asleep) {
                return false;
            }
            if (!up && !leaving && !process.running()) {
                restart();
            }
            lookedNanos = System.nanoTime();
            try {
                up = rig.get("http://127.0.0.1:" + opsPort + "/readyz").statusCode() == 200;
            } catch (IOException notYet) {
                up = false;
            } catch (InterruptedException leaving) {
                throw new AssertionError(leaving);
            }
            return up;
        }

        private boolean isStillThoughtReady() {
            return leaving && process.running() && System.nanoTime() - leftNanos < LAG.toNanos();
        }

        void takeWebhooks() {
            rig.sandbox.webhook(PathRig.APP, PathRig.webhookUrl(httpPort));
        }

        void kill() {
            process.kill9();
            up = false;
        }

        void freeze() {
            process.freeze();
            asleep = true;
            up = false;
        }

        void thaw() {
            process.thaw();
            asleep = false;
        }

        /** SIGTERM; a second one too. */
        void terminate() {
            process.terminate();
            leaving = true;
            leftNanos = System.nanoTime();
        }

        void restart() {
            leaving = false;
            process = started();
        }
    }

    Pod add(String name) throws IOException {
        var pod = new Pod(name);
        all.add(pod);
        return pod;
    }

    /** It has ended and is not replaced. */
    void remove(Pod pod) {
        all.remove(pod);
    }

    Pod get(int which) {
        return all.get(which);
    }

    int count() {
        return all.size();
    }

    void awaitReady() {
        rig.awaitThat(() -> all.stream().allMatch(Pod::isReady), "all are ready");
    }

    /** Somebody writes the next text, to whom the service chooses. */
    void write() throws InterruptedException {
        var text = said.size();
        var inTurn = all.get(text % all.size());
        if (System.nanoTime() - inTurn.lookedNanos > LOOK_EVERY.toNanos()) {
            var unused = inTurn.isReady();
        }
        for (var i = 0; i < all.size(); i++) {
            var one = all.get((text + i) % all.size());
            if (one.up || one.isStillThoughtReady()) {
                one.takeWebhooks();
                toLeaving += one.leaving ? 1 : 0;
                break;
            }
        }
        said.add(rig.say("70" + text % users, "text " + text));
        Thread.sleep(PACE);
    }

    void write(int texts) throws InterruptedException {
        for (var i = 0; i < texts; i++) {
            write();
        }
    }

    /** People go on writing until this is so. */
    void writeUntil(BooleanSupplier reached, String what) throws InterruptedException {
        for (var deadline = System.nanoTime() + PathRig.PATIENCE.toNanos(); !reached.getAsBoolean(); ) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("did not come to pass: " + what);
            }
            write();
        }
    }

    /** Everything that was written is taken in, and answered once and in order. */
    void assertAnsweredOnceAndInOrder() {
        PathRig.await(Future.all(said));
        rig.awaitTaken(said.size());
        rig.awaitCounter("sent", said.size());
        rig.awaitIdle("echo.1");
        assertThat(said).allMatch(one -> one.result().accepted());
        rig.assertTakenOnceAndInOrder(said.size());
        assertThat(rig.counter("echo.1:done")).isEqualTo(said.size());
    }

    List<Future<Delivered>> said() {
        return said;
    }

    /** Texts for those that were told to stop, since the service did not know yet. */
    int toLeaving() {
        return toLeaving;
    }

    /** Replies that the journal says are on their way now. */
    long onTheirWay() {
        return rig.redis.client().keys("g1:jr:*").stream()
                .flatMap(key -> rig.redis.client().hvals(key).stream())
                .filter(row -> row.startsWith("SENDING"))
                .count();
    }

    /** How often a script refused who did not hold what it said. */
    long fenced() {
        var stat = rig.redis.info("errorstats").get("errorstat_FENCED");
        return stat == null ? 0 : Long.parseLong(stat.substring("count=".length()));
    }

    @Override
    public void close() {
        all.forEach(pod -> pod.process.close());
    }
}
