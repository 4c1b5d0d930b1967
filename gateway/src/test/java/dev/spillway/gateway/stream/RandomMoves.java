// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.gateway.messenger.Bucket;
import dev.spillway.gateway.messenger.EventKey;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Moves on one partition, drawn from a seed: sensible, stale and senseless ones. Two of the same seed on two stores make
 * the same moves; entries are named by their place in the stream, since ids are the store's own.
 */
final class RandomMoves {
    private static final int P = 5;
    private static final Duration TTL = Duration.ofMinutes(10);
    private static final List<String> PAGES = List.of("100", "200", "300");
    private static final long SPAN = 20_000;

    private final List<Subscription> bots =
            new ArrayList<>(List.of(new Subscription("peter", 1), new Subscription("shop", 1)));
    private final Random random;
    private final StoreRig rig;
    private final PartitionStore store;
    private final List<String> in = new ArrayList<>();
    private final List<String> out = new ArrayList<>();
    private final Map<StreamGroup, List<String>> aside = new HashMap<>();
    private final Map<StreamGroup, List<Fence>> fences = new HashMap<>();
    private String last = "";

    RandomMoves(Random random, StoreRig rig) {
        this.random = random;
        this.rig = rig;
        this.store = rig.store();
        rig.subscribe(P, StreamGroup.of(bots.get(0)));
        rig.subscribe(P, StreamGroup.DISPATCH);
    }

    /** What the last move was. */
    String last() {
        return last;
    }

    /** Makes a move; its answer in words. */
    String next() {
        if (random.nextInt(4) == 0) {
            return nextAside();
        }
        var move = random.nextInt(100);
        if (move < 12) {
            return append();
        } else if (move < 30) {
            return lease();
        } else if (move < 33) {
            var group = group();
            return answer("release", store.release(P, group, fence(group)));
        } else if (move < 35) {
            var group = group();
            return answer("suspect", store.suspect(P, group, fence(group), suspects()));
        } else if (move < 38) {
            return pass();
        } else if (move < 50) {
            return take();
        } else if (move < 68) {
            return commit();
        } else if (move < 71) {
            return seen();
        } else if (move < 80) {
            return answer("begin", store.begin(P, fence(StreamGroup.DISPATCH), attempts(), random.nextInt(4) == 0));
        } else if (move < 82) {
            return answer("abort", store.abort(P, fence(StreamGroup.DISPATCH), attempt()));
        } else if (move < 84) {
            return answer("sentLate", store.sentLate(P, fence(StreamGroup.DISPATCH), attempt()));
        } else if (move < 86) {
            return answer("echoed", store.echoed(P, List.of(attempt().reply())));
        } else if (move < 95) {
            return settle();
        } else if (move < 96) {
            return subscribe();
        } else if (move < 98) {
            return heartbeat();
        }
        return trim();
    }

    private String nextAside() {
        var bot = bot();
        var fence = fence(StreamGroup.of(bot));
        var page = page();
        var of = StreamGroup.aside(bot, page);
        return switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> answer("setAside", store.setAside(P, bot, fence, setAside(page)));
            case 4, 5 -> {
                var after = place(aside(of));
                var taken = store.take(P, of, fence, after, 1 + random.nextInt(6), 1 + random.nextInt(300));
                yield answer("take aside", taken.map(RandomMoves::told));
            }
            case 6, 7, 8 -> {
                var entry = new FinishedEntry(place(aside(of)), 1 + random.nextInt(2), 0, page);
                yield answer("commit aside", store.commit(P, bot, fence, List.of(), List.of(entry)));
            }
            case 9 -> {
                var told = answer("rejoin", store.rejoin(P, bot, fence, page));
                if (rig.entries(P, of).isEmpty()) {
                    // One that is made anew may have the same ids.
                    aside.remove(of);
                }
                yield told;
            }
            case 10 -> answer("trimAside", store.trimAside(P, bot, page));
            default -> redriveOrDrop();
        };
    }

    private SetAside setAside(String page) {
        var batches = IntStream.range(0, random.nextInt(3))
                .mapToObj(batch -> new SetAside.Lines(1 + batch, line().getBytes(UTF_8)))
                .toList();
        // What is left takes more on a server than here, but in both nothing or something.
        var bytes = List.of(0L, 1L, 1L << 30, 1L << 30).get(random.nextInt(4));
        return new SetAside(page, place(in), batches, 2, bytes);
    }

    private String redriveOrDrop() {
        var move = random.nextInt(12);
        if (move >= 1 && move <= 4) {
            return reset();
        }
        if (move == 0) {
            last = "drop";
            rig.drop(P, StreamGroup.of(bots.get(1)));
            bots.forEach(bot -> PAGES.forEach(page -> aside.computeIfPresent(
                    StreamGroup.aside(bot, page),
                    (of, known) -> rig.entries(P, of).isEmpty() ? null : known)));
            return last;
        }
        last = "redrive";
        var done = rig.redrive(P, random.nextInt(3), ("redriven " + in.size()).getBytes(UTF_8));
        if (done) {
            in.add(rig.entries(P, StreamGroup.Stream.EVENTS).getLast());
        }
        return last + " " + done;
    }

    private String reset() {
        last = "reset";
        var older = bots.getFirst();
        var newer = new Subscription(older.name(), older.generation() + 1);
        rig.reset(P, StreamGroup.of(newer), StreamGroup.of(older));
        bots.set(0, newer);
        if (random.nextBoolean()) {
            rig.drop(P, StreamGroup.of(older));
        }
        return last + " " + replayed() + begun(newer);
    }

    // What the new generation finds: all that it is given, and which of it is finished.
    private String begun(Subscription newer) {
        var group = StreamGroup.of(newer);
        var found = new StringBuilder();
        if (Ends.of(store.lease(P, group, "first", TTL, false)) instanceof LeaseAnswer.Held held) {
            fences.computeIfAbsent(group, ignored -> new ArrayList<>()).add(held.fence());
            for (var page : PAGES) {
                var taken = store.take(P, StreamGroup.aside(newer, page), held.fence(), "0", 100, 1 << 20);
                found.append(answer("take aside", taken.map(RandomMoves::told)));
                if (taken.succeeded()) {
                    var asked = taken.result().stream()
                            .flatMap(entry -> ModelReset.events(entry.batch()).stream())
                            .toList();
                    found.append(answer("seen", store.seen(P, newer, held.fence(), asked)));
                }
            }
        }
        last = "reset";
        return found.toString();
    }

    private String replayed() {
        var replayed = rig.replayed(P, bots.getFirst());
        return in.indexOf(replayed.upto())
                + replayed.open().stream().map(EventKey::hex).sorted().toList().toString();
    }

    // An entry that is known, or none.
    private String place(List<String> known) {
        return known.isEmpty() || random.nextInt(4) == 0 ? "0-0" : known.get(random.nextInt(known.size()));
    }

    private List<String> aside(StreamGroup of) {
        var known = aside.computeIfAbsent(of, ignored -> new ArrayList<>());
        for (var id : rig.entries(P, of)) {
            if (!known.contains(id)) {
                known.add(id);
            }
        }
        return known;
    }

    private String page() {
        return PAGES.get(random.nextInt(PAGES.size()));
    }

    private String asides() {
        var all = new StringBuilder();
        for (var bot : bots) {
            new TreeMap<>(Ends.of(store.aside(P, bot))).forEach((page, boundary) -> {
                var of = StreamGroup.aside(bot, page);
                var known = aside(of);
                all.append(of).append(" to ").append(in.indexOf(boundary));
                all.append(places(rig.entries(P, of), known)).append(places(rig.pending(P, of), known));
            });
        }
        return all.toString();
    }

    /** All that can be seen. */
    String state() {
        var pending = new StringBuilder(asides()).append(replayed());
        pending.append(places(rig.pending(P, StreamGroup.of(bots.getFirst())), in));
        pending.append(places(rig.pending(P, StreamGroup.DISPATCH), replies()));
        return rig.counters(P) + "\n" + rig.journal(P) + "\n" + rig.replies(P) + "\n" + rig.letters(P) + "\n"
                + places(rig.entries(P, StreamGroup.Stream.EVENTS), in) + "\n" + pending;
    }

    private String append() {
        var lines = IntStream.rangeClosed(0, random.nextInt(3))
                .mapToObj(line -> line().getBytes(UTF_8))
                .toList();
        in.add(rig.append(P, lines));
        last = "append";
        return last;
    }

    // As far as scripts read it; of what nobody can read they know nothing.
    private String line() {
        var event = event();
        return random.nextInt(10) == 0
                ? "unreadable " + in.size()
                : "{\"id\":\"" + event.key().hex() + "\",\"bucket\":\""
                        + event.bucket().wire() + "\"}";
    }

    private String lease() {
        var group = group();
        var answer = store.lease(P, group, "o" + random.nextInt(4), TTL, random.nextInt(8) == 0);
        // What is left of another's lease depends on the real clock, and is told by the contract's own test.
        var held = answer.map(said -> said instanceof LeaseAnswer.Refused ? "refused" : said.toString());
        if (Ends.of(answer) instanceof LeaseAnswer.Held mine) {
            fences.computeIfAbsent(group, ignored -> new ArrayList<>()).add(mine.fence());
        }
        return answer("lease", held);
    }

    private String pass() {
        // Far from every edge, for a real clock goes on meanwhile.
        var time = random.nextInt(4) == 0 ? Duration.ofHours(-2) : Duration.ofHours(2);
        rig.pass(time);
        last = "pass " + time;
        return last;
    }

    private String take() {
        var group = group();
        var known = known(group.stream());
        var after = known.isEmpty() || random.nextBoolean() ? "0" : known.get(random.nextInt(known.size()));
        var taken = store.take(P, group, fence(group), after, 1 + random.nextInt(6), 1 + random.nextInt(300));
        return answer("take", taken.map(RandomMoves::told));
    }

    private static String told(List<Entry> entries) {
        return entries.stream()
                .map(entry -> entry.count() + " " + new String(entry.batch(), UTF_8) + entry.redelivered())
                .collect(Collectors.joining("; "));
    }

    private String commit() {
        var bot = bot();
        var events = guarded().stream()
                .map(event -> random.nextInt(5) == 0
                        ? new Finished.Dead(event, "reason", 2, "event".getBytes(UTF_8))
                        : new Finished.Done(event, lines(event)))
                .toList();
        var entries = new ArrayList<FinishedEntry>();
        for (var i = random.nextInt(3); i > 0 && !in.isEmpty(); i--) {
            entries.add(new FinishedEntry(in.get(random.nextInt(in.size())), 2, random.nextInt(2)));
        }
        return answer("commit", store.commit(P, bot, fence(StreamGroup.of(bot)), events, entries));
    }

    private String seen() {
        var bot = bot();
        return answer("seen", store.seen(P, bot, fence(StreamGroup.of(bot)), guarded()));
    }

    private List<byte[]> lines(Guarded event) {
        return IntStream.range(0, random.nextInt(3))
                .mapToObj(reply -> ("reply " + event.key().low() + "." + reply).getBytes(UTF_8))
                .toList();
    }

    private String settle() {
        var sealed = new ArrayList<Sealed>();
        for (var attempt : attempts()) {
            var epoch = 1 + random.nextInt(4);
            sealed.add(
                    random.nextBoolean()
                            ? new Sealed.Sent(attempt, epoch)
                            : new Sealed.Refused(attempt, epoch, "reason", "line".getBytes(UTF_8)));
        }
        var known = replies();
        var entries = known.isEmpty() || random.nextBoolean()
                ? List.<SealedEntry>of()
                : List.of(new SealedEntry(known.get(random.nextInt(known.size())), attempts()));
        return answer("settle", store.settle(P, fence(StreamGroup.DISPATCH), sealed, entries));
    }

    private String subscribe() {
        rig.subscribe(P, StreamGroup.of(bot()));
        last = "subscribe";
        return last;
    }

    private String trim() {
        var stream = random.nextBoolean() ? StreamGroup.Stream.EVENTS : StreamGroup.Stream.REPLIES;
        var groups = random.nextInt(5) == 0 ? List.of("shop.1") : List.<String>of();
        return answer("trim", store.trim(P, stream, groups));
    }

    private String answer(String move, Future<?> future) {
        last = move;
        try {
            return move + " " + Ends.of(future);
        } catch (LeaseLost | GroupMissing refused) {
            return move + " " + refused.getClass().getSimpleName();
        }
    }

    private List<String> known(StreamGroup.Stream stream) {
        return stream == StreamGroup.Stream.EVENTS ? in : replies();
    }

    // Entries of replies are made by the store: their names are read from it, in order.
    private List<String> replies() {
        for (var id : rig.entries(P, StreamGroup.Stream.REPLIES)) {
            if (!out.contains(id)) {
                out.add(id);
            }
        }
        return out;
    }

    private static List<Integer> places(List<String> ids, List<String> known) {
        return ids.stream().map(known::indexOf).toList();
    }

    // Mostly the one that was given last, which may have been released or lost since.
    private Fence fence(StreamGroup group) {
        var given = fences.getOrDefault(group, List.of(new Fence("nobody", 1)));
        return given.get(random.nextInt(6) == 0 ? random.nextInt(given.size()) : given.size() - 1);
    }

    private StreamGroup group() {
        return switch (random.nextInt(5)) {
            case 0 -> StreamGroup.of(bots.get(1));
            case 1, 2 -> StreamGroup.DISPATCH;
            default -> StreamGroup.of(bots.get(0));
        };
    }

    private Subscription bot() {
        return bots.get(random.nextInt(5) == 0 ? 1 : 0);
    }

    private List<Guarded> guarded() {
        return IntStream.range(0, random.nextInt(4))
                .mapToObj(ignored -> event())
                .toList();
    }

    private Guarded event() {
        return new Guarded(
                new EventKey(random.nextInt(16) * 0x9E3779B97F4A7C15L, random.nextInt(2)),
                new Bucket(
                        Bucket.Life.MESSAGING,
                        random.nextBoolean() ? Bucket.Unit.DAY : Bucket.Unit.HOUR,
                        SPAN + random.nextInt(4)));
    }

    private List<EventKey> suspects() {
        return IntStream.range(0, random.nextInt(3))
                .mapToObj(key -> new EventKey(key, random.nextInt(2)))
                .toList();
    }

    private List<ReplyAttempt> attempts() {
        return IntStream.range(0, 1 + random.nextInt(3))
                .mapToObj(ignored -> attempt())
                .toList();
    }

    private ReplyAttempt attempt() {
        return new ReplyAttempt(new ReplyId(P, "r" + random.nextInt(6)), 500_000, 1 + random.nextInt(2));
    }

    private String heartbeat() {
        var ttl = random.nextInt(4) == 0 ? Duration.ZERO : TTL;
        var members = store.heartbeat(group(), "m" + random.nextInt(3), ttl);
        // Within a millisecond the order is by name; nobody counts on it.
        return answer("heartbeat", members.map(all -> all.stream().sorted().toList()));
    }
}
