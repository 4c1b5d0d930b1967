// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.gateway.messenger.EventKey;
import dev.spillway.gateway.stream.JournalRow.State;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** One partition of the model: every move of {@link PartitionStore}, done at once or refused with its exception. */
final class ModelPartition {
    /** A dead letter. */
    record Letter(String of, String reason, int attempts, String record) {}

    private final LongSupplier clockMs;
    private final Set<Flaw> flaws;
    private final ModelLeases leases;
    private final Map<String, ModelGuard> guards = new HashMap<>();
    private final Map<String, ModelAside> asides = new HashMap<>();
    private final Map<String, ModelReset> resets = new HashMap<>();
    private final Set<String> settled = new HashSet<>();
    final ModelStream in;
    final ModelStream out;
    final Map<String, JournalRow> journal = new TreeMap<>();
    final Map<String, Long> counters = new TreeMap<>();
    final List<Letter> letters = new ArrayList<>();
    /** Every line that ever went to {@link #out}, trimmed or not. */
    final List<String> replied = new ArrayList<>();
    /** Every line that ever went to {@link #in}. */
    final List<String> appended = new ArrayList<>();

    ModelPartition(LongSupplier clockMs, Set<Flaw> flaws) {
        this.clockMs = clockMs;
        this.flaws = flaws.isEmpty() ? EnumSet.noneOf(Flaw.class) : EnumSet.copyOf(flaws);
        this.leases = new ModelLeases(this.flaws);
        this.in = new ModelStream();
        this.out = new ModelStream();
    }

    /** What a replica has that has heard of everything so far. */
    ModelPartition(ModelPartition of) {
        clockMs = of.clockMs;
        flaws = of.flaws;
        leases = of.leases.copy();
        of.guards.forEach((name, guard) -> guards.put(name, guard.copy()));
        of.asides.forEach((name, aside) -> asides.put(name, aside.copy()));
        resets.putAll(of.resets);
        settled.addAll(of.settled);
        in = of.in.copy();
        out = of.out.copy();
        journal.putAll(of.journal);
        counters.putAll(of.counters);
        letters.addAll(of.letters);
        replied.addAll(of.replied);
        appended.addAll(of.appended);
    }

    String append(List<byte[]> lines) {
        lines.forEach(line -> appended.add(new String(line, UTF_8)));
        count("added", lines.size());
        return in.add(lines.size(), joined(lines));
    }

    void subscribe(StreamGroup group) {
        if (leases.isClosed(group)) {
            return;
        }
        var stream = stream(group.stream());
        var kept = stream.all().stream().mapToLong(ModelStream.Added::count).sum();
        if (stream.makeGroup(group.name())) {
            counters.put(group.name() + ":base", count("added") - kept);
        }
    }

    /** Makes a group that begins with all that is kept, in place of an older generation. */
    void reset(StreamGroup group, StreamGroup older) {
        if (leases.isClosed(group) || in.hasGroup(group.name())) {
            return;
        }
        leases.close(older);
        var now = clockMs.getAsLong();
        var guard = guards.computeIfAbsent(older.name(), ignored -> new ModelGuard(2));
        var earlier = resets.get(older.name());
        var delivered = in.delivered(older.name());
        var reset = new ModelReset(earlier == null ? delivered : ModelReset.later(delivered, earlier.upto));
        if (earlier != null) {
            earlier.open.values().stream()
                    .filter(event -> !guard.seen(event, now))
                    .forEach(reset::note);
        }
        in.inHand(older.name()).forEach((id, batch) -> {
            if (earlier == null || !SetAside.covers(earlier.upto, id)) {
                ModelReset.events(batch).stream()
                        .filter(event -> !guard.seen(event, now))
                        .forEach(reset::note);
            }
        });
        resets.put(group.name(), reset);
        inheritAside(group.name(), older.name(), guard);
        subscribe(group);
    }

    private void inheritAside(String name, String older, ModelGuard guard) {
        var aside = asides.remove(older);
        if (aside == null) {
            return;
        }
        var now = clockMs.getAsLong();
        var finished = aside.inherit(older, name).stream()
                .flatMap(batch -> ModelReset.events(batch).stream())
                .filter(event -> guard.seen(event, now))
                .toList();
        asides.put(name, aside);
        var ours = guards.computeIfAbsent(name, ignored -> new ModelGuard(2));
        finished.forEach(event -> ours.add(event, now));
        var waiting = counters.remove(older + ":aside");
        if (waiting != null) {
            counters.put(name + ":aside", waiting);
        }
    }

    Replayed replayed(Subscription subscription) {
        var reset = resets.get(subscription.id());
        return reset == null ? Replayed.NOTHING : reset.told();
    }

    /** Removes a group of events and all it has, for good. */
    void drop(StreamGroup group) {
        leases.close(group);
        in.dropGroup(group.name());
        counters.keySet().removeIf(name -> name.startsWith(group.name() + ":"));
        asides.remove(group.name());
        guards.remove(group.name());
        resets.remove(group.name());
    }

    ModelStream stream(StreamGroup.Stream stream) {
        return switch (stream) {
            case EVENTS -> in;
            case REPLIES -> out;
            case ASIDE -> throw new IllegalArgumentException("not one stream");
        };
    }

    ModelStream stream(StreamGroup group) {
        return group.stream() == StreamGroup.Stream.ASIDE
                ? aside(group.name()).stream(group.page())
                : stream(group.stream());
    }

    List<String> pending(StreamGroup group) {
        return stream(group).pending(group.name());
    }

    long count(String counter) {
        return counters.getOrDefault(counter, 0L);
    }

    private ModelAside aside(String subscription) {
        return asides.computeIfAbsent(subscription, ignored -> new ModelAside(flaws));
    }

    LeaseAnswer lease(StreamGroup group, String owner, Duration ttl, boolean healthy) {
        return leases.lease(group, owner, ttl, healthy, clockMs.getAsLong());
    }

    void release(StreamGroup group, Fence fence) {
        leases.release(group, fence);
    }

    void suspect(StreamGroup group, Fence fence, List<EventKey> running) {
        leases.suspect(group, fence, running);
    }

    List<Entry> take(StreamGroup group, Fence fence, String after, int events, int bytes) {
        fenced(group, fence);
        var taken = stream(group).take(group.name(), after, events, bytes, flaws.contains(Flaw.NO_PENDING));
        var entries = new ArrayList<Entry>();
        for (var one : taken) {
            var added = one.added();
            if (added == null) {
                throw new GroupMissing("the entry " + one.id() + " has vanished from its stream");
            }
            if (flaws.contains(Flaw.EARLY_ACK)) {
                stream(group).acknowledge(group.name(), one.id());
            }
            entries.add(new Entry(one.id(), added.count(), added.batch(), one.redelivered()));
        }
        return entries;
    }

    List<Boolean> seen(Subscription subscription, Fence fence, List<Guarded> events) {
        fenced(StreamGroup.of(subscription), fence);
        var guard = guard(subscription);
        return events.stream()
                .map(event -> guard.seen(event, clockMs.getAsLong()))
                .toList();
    }

    Committed commit(
            Subscription subscription, Fence fence, List<? extends Finished> events, List<FinishedEntry> entries) {
        fenced(StreamGroup.of(subscription), fence);
        var name = subscription.id();
        var replies = new ArrayList<byte[]>();
        var flags = new ArrayList<Boolean>();
        for (var finished : events) {
            var first = guard(subscription).add(finished.event(), clockMs.getAsLong()) || flaws.contains(Flaw.NO_GUARD);
            flags.add(first);
            if (first) {
                switch (finished) {
                    case Finished.Done done -> {
                        replies.addAll(done.replies());
                        count(name + ":done", 1);
                    }
                    case Finished.Dead dead -> {
                        keep(new Letter(name, dead.reason(), dead.attempts(), new String(dead.bytes(), UTF_8)));
                        count(name + ":dead", 1);
                    }
                }
            }
        }
        if (!replies.isEmpty()) {
            out.add(replies.size(), joined(replies));
            replies.forEach(reply -> replied.add(new String(reply, UTF_8)));
            count("out", replies.size());
        }
        for (var entry : entries) {
            if (!entry.page().isEmpty()) {
                count(name + ":aside", aside(name).acknowledge(name, entry) ? -entry.events() : 0);
            } else if (in.acknowledge(name, entry.id()) || flaws.contains(Flaw.UNGUARDED_ACK)) {
                count(name + ":fin", entry.events());
                count(name + ":filtered", entry.filtered());
            }
        }
        return new Committed(flags, count("out") - count("out-fin"));
    }

    Map<String, String> boundaries(Subscription subscription) {
        return Map.copyOf(aside(subscription.id()).boundaries);
    }

    boolean setAside(Subscription subscription, Fence fence, SetAside events) {
        fenced(StreamGroup.of(subscription), fence);
        var moved = aside(subscription.id()).set(subscription.id(), events);
        count(subscription.id() + ":aside", Math.max(0, moved));
        return moved >= 0;
    }

    boolean rejoin(Subscription subscription, Fence fence, String page) {
        fenced(StreamGroup.of(subscription), fence);
        return aside(subscription.id()).rejoin(subscription.id(), page);
    }

    long trimAside(Subscription subscription, String page) {
        return aside(subscription.id()).stream(page).trim(List.of(subscription.id()));
    }

    List<JournalWord> begin(Fence fence, List<ReplyAttempt> attempts, boolean again) {
        fenced(StreamGroup.DISPATCH, fence);
        return attempts.stream().map(attempt -> begin(fence, attempt, again)).toList();
    }

    private JournalWord begin(Fence fence, ReplyAttempt attempt, boolean again) {
        var rid = attempt.reply().toString();
        var row = row(rid);
        var word =
                switch (row.state()) {
                    case SEEN -> {
                        journal.put(rid, new JournalRow(State.DONE, row.epoch(), row.attempt()));
                        count("sent", 1);
                        yield JournalWord.FINISHED;
                    }
                    case SENDING -> {
                        var mine = row.epoch() == fence.epoch() && row.attempt() == attempt.attempt();
                        yield mine || again ? JournalWord.SEND : JournalWord.IN_DOUBT;
                    }
                    case DONE, REFUSED, PARKED -> JournalWord.FINISHED;
                    case NONE -> settled.contains(rid) ? JournalWord.FINISHED : JournalWord.SEND;
                };
        if (word == JournalWord.IN_DOUBT && flaws.contains(Flaw.NO_JOURNAL)) {
            word = JournalWord.SEND;
        }
        if (word == JournalWord.SEND) {
            journal.put(rid, new JournalRow(State.SENDING, fence.epoch(), attempt.attempt()));
        }
        return word;
    }

    void abort(Fence fence, ReplyAttempt attempt) {
        journal.remove(attempt.reply().toString(), new JournalRow(State.SENDING, fence.epoch(), attempt.attempt()));
    }

    void sentLate(Fence fence, ReplyAttempt attempt) {
        journal.replace(
                attempt.reply().toString(),
                new JournalRow(State.SENDING, fence.epoch(), attempt.attempt()),
                new JournalRow(State.SEEN, fence.epoch(), attempt.attempt()));
    }

    void echoed(List<ReplyId> replies) {
        for (var reply : replies) {
            journal.computeIfPresent(
                    reply.toString(),
                    (rid, row) -> row.state() == State.SENDING
                            ? new JournalRow(State.SEEN, row.epoch(), row.attempt())
                            : row);
        }
    }

    JournalRow row(String rid) {
        return journal.getOrDefault(rid, new JournalRow(State.NONE, 0, 0));
    }

    void settle(Fence fence, List<? extends Sealed> replies, List<SealedEntry> entries) {
        fenced(StreamGroup.DISPATCH, fence);
        for (var sealed : replies) {
            seal(fence, sealed);
        }
        for (var entry : entries) {
            if (out.acknowledge("d", entry.id())) {
                for (var reply : entry.replies()) {
                    journal.remove(reply.reply().toString());
                    settled.add(reply.reply().toString());
                }
                count("out-fin", entry.replies().size());
            }
        }
    }

    private void seal(Fence fence, Sealed sealed) {
        var attempt = sealed.attempt();
        var rid = attempt.reply().toString();
        var row = row(rid);
        var unsettled = row.state() == State.SENDING || row.state() == State.SEEN;
        var open = unsettled && row.epoch() == sealed.epoch() && row.attempt() == attempt.attempt();
        switch (sealed) {
            case Sealed.Sent ignored -> {
                if (open || flaws.contains(Flaw.UNGUARDED_SETTLE)) {
                    journal.put(rid, new JournalRow(State.DONE, row.epoch(), row.attempt()));
                    count("sent", 1);
                }
            }
            case Sealed.Refused refused -> {
                var ofEarlier = unsettled && row.epoch() < fence.epoch();
                if (row.state() == State.SEEN) {
                    journal.put(rid, new JournalRow(State.DONE, row.epoch(), row.attempt()));
                    count("sent", 1);
                } else if (open || ofEarlier || (row.state() == State.NONE && !settled.contains(rid))) {
                    journal.put(rid, new JournalRow(State.REFUSED, sealed.epoch(), attempt.attempt()));
                    keep(new Letter("-out", refused.reason(), attempt.attempt(), new String(refused.bytes(), UTF_8)));
                    count("refused", 1);
                }
            }
        }
    }

    long trim(StreamGroup.Stream stream, List<String> groups) {
        if (flaws.contains(Flaw.TRIM_BY_LENGTH)) {
            return stream(stream).trimToLength(2);
        }
        return flaws.contains(Flaw.TRIM_FOR_ONE_GROUP)
                ? stream(stream).trimFor(groups.getFirst())
                : stream(stream).trim(groups);
    }

    /** Appends the event of a dead letter once more; false if there is no such letter. */
    boolean redrive(int letter, byte[] line) {
        if (letter >= letters.size()) {
            return false;
        }
        count("dl-bytes", -size(letters.remove(letter)));
        append(List.of(line));
        count("redriven", 1);
        return true;
    }

    Drift drift(StreamGroup group, Fence fence, Drift before) {
        fenced(group, fence);
        var lastId = in.lastId();
        if (lastId.isEmpty() || !in.isFinished(group.name())) {
            return new Drift(lastId, 0);
        }
        var drift = count("added") - count(group.name() + ":base") - count(group.name() + ":fin");
        if (drift != 0 && before.equals(new Drift(lastId, drift))) {
            count(group.name() + ":base", drift);
            drift = 0;
        }
        return new Drift(lastId, drift);
    }

    private void fenced(StreamGroup group, Fence fence) {
        leases.fenced(group, fence);
    }

    private ModelGuard guard(Subscription subscription) {
        return guards.computeIfAbsent(
                subscription.id(), ignored -> new ModelGuard(flaws.contains(Flaw.GUARD_OF_ONE_BUCKET) ? 0 : 2));
    }

    private void keep(Letter letter) {
        letters.add(letter);
        count("dl-bytes", size(letter));
    }

    private static int size(Letter letter) {
        var text = "of" + letter.of + "reason" + letter.reason + "attempts" + letter.attempts + "b" + letter.record;
        return text.getBytes(UTF_8).length;
    }

    private void count(String counter, long by) {
        if (by != 0) {
            counters.merge(counter, by, Long::sum);
        }
    }

    private static byte[] joined(List<byte[]> lines) {
        var all = new ByteArrayOutputStream();
        for (var line : lines) {
            if (all.size() > 0) {
                all.write('\n');
            }
            all.writeBytes(line);
        }
        return all.toByteArray();
    }
}
