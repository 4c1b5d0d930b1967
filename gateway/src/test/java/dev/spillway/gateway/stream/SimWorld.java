// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.gateway.messenger.Bucket;
import dev.spillway.gateway.messenger.EventKey;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the actors of a simulation share: clocks, the store, the platform, what was promised, and what went wrong. */
final class SimWorld {
    static final int PARTITIONS = 2;
    static final int CONVERSATIONS = 4;

    /** An answer, or that it was lost: then nobody knows whether the move was made. */
    record Said<T>(boolean lost, @Nullable T value) {}

    /** An event as it lies in the stream. */
    record SimEvent(int number, int conversation, Bucket bucket) {
        static SimEvent parse(String line) {
            var parts = line.split(" ", -1);
            return new SimEvent(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Bucket.ofWire(parts[2]));
        }

        String line() {
            return number + " " + conversation + " " + bucket.wire();
        }

        EventKey key() {
            return new EventKey(0, number);
        }

        Guarded guarded() {
            return new Guarded(key(), bucket);
        }

        int partition() {
            return conversation % PARTITIONS;
        }
    }

    final Random random;
    final InMemoryPartitionStore store;
    long wallMs = 1_000_000;
    long monoMs = 1_000_000;
    boolean faults = true;

    final Map<Integer, SimEvent> appended = new LinkedHashMap<>();
    final List<String> sends = new ArrayList<>();
    final Set<String> doubts = new HashSet<>();
    /** Refused by the platform, and their holder died before it could say so: a doubt to the next one. */
    final Set<String> refusalsForgotten = new HashSet<>();

    final List<ReplyId> echoes = new ArrayList<>();
    final List<String> wrong = new ArrayList<>();
    private final Map<String, Fence> newest = new HashMap<>();

    SimWorld(Random random, Set<ModelPartition.Flaw> flaws) {
        this.random = random;
        this.store = new InMemoryPartitionStore(() -> wallMs, flaws);
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    boolean fault(double probability) {
        return faults && chance(probability);
    }

    /** Calls the store: the move may not be made, or be made and its answer lost. Throws LeaseLost. */
    <T> Said<T> call(Supplier<Future<T>> move) {
        if (fault(0.03)) {
            return new Said<>(true, null);
        }
        var future = move.get();
        if (future.failed()) {
            if (future.cause() instanceof LeaseLost lost) {
                throw lost;
            }
            wrong.add("the store failed: " + future.cause().getMessage());
            throw new LeaseLost("stop");
        }
        return fault(0.06) ? new Said<>(true, null) : new Said<>(false, future.result());
    }

    /** The same for a move that is made under a fence. */
    <T> Said<T> fenced(int partition, StreamGroup group, Fence fence, Supplier<Future<T>> move) {
        return call(() -> {
            var future = move.get();
            if (future.succeeded() && !fence.equals(newest.get(partition + group.name()))) {
                wrong.add("a stale holder was obeyed: " + fence + " of " + group.name());
            }
            return future;
        });
    }

    /** Every lease that is given is noted, whether its owner hears of it or not. */
    Said<LeaseAnswer> lease(int partition, StreamGroup group, String owner) {
        return call(() -> {
            var future = store.lease(partition, group, owner, java.time.Duration.ofMillis(SimActor.TTL_MS), false);
            if (future.result() instanceof LeaseAnswer.Held held) {
                var before = newest.put(partition + group.name(), held.fence());
                if (before != null
                        && !before.equals(held.fence())
                        && before.epoch() >= held.fence().epoch()) {
                    wrong.add("an epoch was given twice: " + held.fence());
                }
            }
            return future;
        });
    }

    /** The platform sends events: new ones, and copies of what it sent before. */
    void ingest(int most) {
        var conversation = random.nextInt(CONVERSATIONS);
        var lines = new ArrayList<byte[]>();
        for (var i = random.nextInt(3); i >= 0; i--) {
            var copy = !appended.isEmpty() && chance(0.3)
                    ? List.copyOf(appended.values()).get(random.nextInt(appended.size()))
                    : null;
            if (copy != null && copy.conversation() == conversation) {
                var bucket = copy.bucket();
                var shift = bucket.unit() == Bucket.Unit.DAY ? random.nextInt(3) - 1 : 0;
                var moved = new Bucket(bucket.life(), bucket.unit(), bucket.span() + shift);
                lines.add(
                        new SimEvent(copy.number(), conversation, moved).line().getBytes(UTF_8));
            } else if (appended.size() < most) {
                var unit = chance(0.5) ? Bucket.Unit.DAY : Bucket.Unit.HOUR;
                var event = new SimEvent(
                        appended.size(), conversation, new Bucket(Bucket.Life.CHANGE, unit, 1000 + random.nextInt(2)));
                appended.put(event.number(), event);
                lines.add(event.line().getBytes(UTF_8));
            }
        }
        if (!lines.isEmpty()) {
            store.partition(conversation % PARTITIONS).append(lines);
        }
    }

    /** The platform shows us a reply of ours. */
    void echo() {
        if (!echoes.isEmpty()) {
            var reply = echoes.remove(random.nextInt(echoes.size()));
            var unused = store.echoed(reply.partition(), List.of(reply));
        }
    }

    /** The platform gets a reply. */
    void send(ReplyId reply) {
        sends.add(reply.toString());
        if (chance(0.5)) {
            echoes.add(reply);
        }
    }

    void time() {
        var passed = random.nextInt(60);
        monoMs += passed;
        wallMs += passed;
        if (fault(0.002)) {
            wallMs += chance(0.5) ? 3_600_000 : -600_000;
        }
    }
}
