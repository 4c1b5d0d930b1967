// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.gateway.messenger.Bucket;
import dev.spillway.gateway.messenger.EventKey;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The platform, the gateway that stores what it posts, and the person who redrives dead letters; with a ledger of what
 * was said, stored, acknowledged and sent.
 */
final class SimPlatform {
    private static final int EVENTS = 30;
    private static final int FORGED = 1000;

    private static final long KEPT_MS = 10_000;

    private record Identity(EventKey key, String only) {}

    private record Kept(List<SimEvent> post, long sinceMs) {}

    private final SimWorld world;
    private final List<SimEvent> records = new ArrayList<>();
    private final List<SimEvent> events = new ArrayList<>();
    private final Deque<List<SimEvent>> held = new ArrayDeque<>();
    private final List<List<SimEvent>> unanswered = new ArrayList<>();
    private final List<ReplyId> echoes = new ArrayList<>();
    private final List<Kept> kept = new ArrayList<>();
    private int generation;

    /** The platform was told that these are stored. */
    final List<SimEvent> acknowledged = new ArrayList<>();

    final List<String> sends = new ArrayList<>();
    final Set<String> doubts = new HashSet<>();
    /** Refused by the platform, and their holder died before it could say so: a doubt to the next one. */
    final Set<String> refusalsForgotten = new HashSet<>();

    SimPlatform(SimWorld world) {
        this.world = world;
    }

    /** What lies in the stream. */
    List<SimEvent> read(byte[] batch) {
        return new String(batch, UTF_8)
                .lines()
                .map(line -> records.get(Integer.parseInt(line)))
                .toList();
    }

    /** All of ours that were stored, in the order in which they first were; a copy does not count. */
    List<SimEvent> order(int partition) {
        var once = new HashSet<Identity>();
        return world.store.partition(partition).appended.stream()
                .map(line -> records.get(Integer.parseInt(line)))
                .filter(event -> event.number() != FORGED && once.add(new Identity(event.key(), event.only())))
                .toList();
    }

    boolean isDone() {
        return events.size() == EVENTS && held.isEmpty() && unanswered.isEmpty();
    }

    /** A webhook: new events, copies of earlier ones, one that had no answer once more, or a forged one. */
    void post() {
        if (!unanswered.isEmpty() && world.chance(0.5)) {
            held.add(unanswered.remove(world.random.nextInt(unanswered.size())));
            return;
        }
        var partition = world.random.nextInt(SimWorld.PARTITIONS);
        var post = new ArrayList<SimEvent>();
        if (world.fault(0.05)) {
            // Refused, as it is not signed.
            if (world.has(Flaw.UNSIGNED)) {
                post.add(record(FORGED, new EventKey(7, 7), "", partition, bucket()));
            }
        } else {
            for (var i = world.random.nextInt(4); i >= 0; i--) {
                if (events.size() < EVENTS && !world.chance(0.3)) {
                    var number = events.size();
                    // Most are of the page that has most.
                    var nth = world.chance(0.8) ? world.random.nextInt(2) : 2;
                    var conversation = partition + nth * SimWorld.PARTITIONS;
                    events.add(record(number, new EventKey(0, number), "", conversation, bucket()));
                    post.add(events.getLast());
                } else if (world.faults && !events.isEmpty()) {
                    var event = events.get(world.random.nextInt(events.size()));
                    if (event.partition() == partition) {
                        post.add(copy(event));
                    }
                }
            }
        }
        if (!post.isEmpty()) {
            held.add(post);
            if (world.has(Flaw.EARLY_200)) {
                answered(post);
            }
        }
    }

    private SimEvent record(int number, EventKey key, String only, int conversation, Bucket bucket) {
        var record = new SimEvent(records.size(), number, key, only, conversation, bucket);
        records.add(record);
        return record;
    }

    private SimEvent copy(SimEvent event) {
        var bucket = event.bucket();
        var shift = bucket.unit() == Bucket.Unit.DAY ? world.random.nextInt(3) - 1 : 0;
        var moved = new Bucket(bucket.life(), bucket.unit(), bucket.span() + shift);
        return record(event.number(), event.key(), "", event.conversation(), moved);
    }

    private Bucket bucket() {
        var unit = world.chance(0.5) ? Bucket.Unit.DAY : Bucket.Unit.HOUR;
        return new Bucket(Bucket.Life.CHANGE, unit, 1000 + world.random.nextInt(2));
    }

    /** The gateway stores the oldest webhook it holds, repeating it until that is sure; or dies with all it holds. */
    void gateway() {
        if (world.durability != SimWorld.Durability.REPAIRED && world.fault(0.02)) {
            if (!world.has(Flaw.EARLY_200)) {
                unanswered.addAll(held);
            }
            held.clear();
        }
        var post = held.peek();
        if (post == null) {
            return;
        }
        var partition = post.getFirst().partition();
        var lines = post.stream().map(SimEvent::line).toList();
        var said = world.call(
                () -> Future.succeededFuture(world.store.partition(partition).append(lines)));
        if (!said.lost() && (world.has(Flaw.NO_WAIT) || world.isReplicated(partition))) {
            held.remove();
            answered(post);
        }
    }

    /** Another server may have taken over: how sends of the lost tail ended is not known there. */
    void look() {
        if (generation == world.generation) {
            return;
        }
        generation = world.generation;
        for (var partition = 0; partition < SimWorld.PARTITIONS; partition++) {
            world.store.partition(partition).journal.keySet().forEach(rid -> {
                doubts.add(rid);
                if (!sends.contains(rid)) {
                    refusalsForgotten.add(rid);
                }
            });
        }
        if (world.durability == SimWorld.Durability.REPAIRED && !world.has(Flaw.NO_REPAIR)) {
            repair();
        }
        kept.clear();
    }

    // What may have been in the tail that is lost is appended once more, before anything newer.
    private void repair() {
        for (var one : kept.reversed()) {
            if (world.monoMs - one.sinceMs() < KEPT_MS) {
                held.addFirst(one.post());
            }
        }
    }

    private void answered(List<SimEvent> post) {
        acknowledged.addAll(post);
        kept.add(new Kept(post, world.monoMs));
        for (var event : post) {
            var stored = world.store.partition(event.partition()).appended;
            if (!stored.contains(Integer.toString(event.record()))) {
                world.wrong(Invariant.HONEST, "event " + event.number() + " was acknowledged and is not stored");
            }
        }
    }

    /** Somebody redrives the oldest dead letter of an event, if there is one. */
    void redrive() {
        var partition = world.random.nextInt(SimWorld.PARTITIONS);
        var state = world.store.partition(partition);
        for (var letter = 0; letter < state.letters.size(); letter++) {
            var of = state.letters.get(letter);
            if (!of.of().equals("-out")) {
                redrive(state, letter, of);
                return;
            }
        }
    }

    private void redrive(ModelPartition state, int letter, ModelPartition.Letter of) {
        var dead = records.get(Integer.parseInt(of.record()));
        var key = world.has(Flaw.REDRIVE_OLD_KEY) ? dead.key() : new EventKey(1, dead.number());
        var record = record(dead.number(), key, of.of(), dead.conversation(), dead.bucket());
        var unused = world.call(() -> Future.succeededFuture(state.redrive(letter, record.line())));
    }

    boolean hasLetters() {
        for (var partition = 0; partition < SimWorld.PARTITIONS; partition++) {
            if (world.store.partition(partition).letters.stream()
                    .anyMatch(letter -> !letter.of().equals("-out"))) {
                return true;
            }
        }
        return false;
    }

    /** It shows us a reply of ours. */
    void echo() {
        if (!echoes.isEmpty()) {
            var reply = echoes.remove(world.random.nextInt(echoes.size()));
            var unused = world.store.echoed(reply.partition(), List.of(reply));
        }
    }

    /** It gets a reply. */
    void send(ReplyId reply) {
        sends.add(reply.toString());
        if (world.chance(0.5)) {
            echoes.add(reply);
        }
    }
}
