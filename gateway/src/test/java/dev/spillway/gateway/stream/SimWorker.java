// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes events in order, has one of a conversation with the bot at a time, and commits conversations apart. A page that
 * fills the window is set aside.
 */
final class SimWorker extends SimActor<SimWorker.Memory> {
    private static final int WINDOW = 6;
    private static final int WINDOW_ASIDE = 3;
    private static final int PAGES_MAX = 2;
    /** So few that a page at times finds no room. */
    private static final int ASIDE_BYTES_MAX = 40;

    private static final class Open {
        private final String id;
        private final int count;
        private final String page;
        private int left;
        private int filtered;

        Open(Entry entry, String page) {
            this.id = entry.id();
            this.count = entry.count();
            this.page = page;
            this.left = entry.count();
        }
    }

    private record Work(SimEvent event, Open open) {}

    /** Events of a page on their way into its own stream. */
    private record Move(String page, List<Work> works, String boundary, boolean leaving) {}

    private static final class Aside {
        private String boundary;
        private String position = "0";

        Aside(String boundary) {
            this.boundary = boundary;
        }
    }

    /** A partition in memory. */
    static final class Memory {
        private boolean knowsAsides;
        private final Map<String, Aside> asides = new TreeMap<>();
        private final Deque<Move> moves = new ArrayDeque<>();
        private String position = "0";
        private final List<Work> waiting = new ArrayList<>();
        private final List<Work> running = new ArrayList<>();
        private final List<Open> closed = new ArrayList<>();

        private boolean hasInHand(SimEvent event) {
            return Stream.concat(waiting.stream(), running.stream())
                    .anyMatch(work -> work.event().key().equals(event.key()));
        }

        private int inHand(String page) {
            var count = 0;
            for (var works : List.of(waiting, running)) {
                for (var work : works) {
                    count += work.open().page.equals(page) ? 1 : 0;
                }
            }
            return count;
        }

        private void close(Work work) {
            var open = work.open();
            open.left--;
            if (open.left == 0) {
                closed.add(open);
            }
        }
    }

    private final SimPlatform platform;
    private final Subscription subscription;
    private final List<String> groups;

    SimWorker(SimWorld world, SimPlatform platform, Subscription subscription, String name, List<String> groups) {
        super(world, StreamGroup.of(subscription), name);
        this.platform = platform;
        this.subscription = subscription;
        this.groups = groups;
    }

    @Override
    Memory fresh() {
        return new Memory();
    }

    @Override
    void forgetting(Holding<Memory> holding) {
        // What was not committed is read again.
    }

    @Override
    Runnable decide(Holding<Memory> holding) {
        var memory = holding.memory;
        if (!memory.knowsAsides) {
            return () -> learn(holding);
        }
        if (world.chance(0.04)) {
            return () -> trim(holding.partition, groups);
        }
        var move = memory.moves.peek();
        if (move != null && world.chance(0.3)) {
            return () -> move(holding, move);
        }
        var leaving = move == null && world.chance(0.5) ? leaving(memory) : null;
        if (leaving != null) {
            return leave(holding, leaving);
        }
        if (world.chance(0.4)) {
            var source = source(memory);
            if (source != null) {
                return () -> take(holding, source);
            }
        }
        if (!memory.asides.isEmpty() && world.chance(0.15)) {
            var pages = List.copyOf(memory.asides.keySet());
            var page = pages.get(world.random.nextInt(pages.size()));
            return memory.inHand(page) > 0 || move != null
                    ? () -> trimAside(holding, page)
                    : () -> rejoin(holding, page);
        }
        return work(holding);
    }

    private void learn(Holding<Memory> holding) {
        var found = world.call(() -> world.store.aside(holding.partition, subscription));
        if (!found.lost()) {
            Objects.requireNonNull(found.value())
                    .forEach((page, boundary) -> holding.memory.asides.put(page, new Aside(boundary)));
            holding.memory.knowsAsides = true;
        }
    }

    // Where to read: a page's name, empty for the stream of all, or null while there is no room.
    private @Nullable String source(Memory memory) {
        var sources = new ArrayList<String>();
        if (memory.moves.isEmpty() && memory.inHand("") < WINDOW) {
            sources.add("");
        }
        for (var page : memory.asides.keySet()) {
            if (memory.inHand(page) < WINDOW_ASIDE) {
                sources.add(page);
            }
        }
        return sources.isEmpty() ? null : sources.get(world.random.nextInt(sources.size()));
    }

    private void take(Holding<Memory> holding, String page) {
        var memory = holding.memory;
        var aside = memory.asides.get(page);
        var from = page.isEmpty() ? group : StreamGroup.aside(subscription, page);
        var after = aside == null ? memory.position : aside.position;
        var said = world.fenced(
                holding.partition,
                group,
                holding.fence,
                () -> world.store.take(holding.partition, from, holding.fence, after, WINDOW, 1000));
        if (said.lost()) {
            return;
        }
        var apart = new TreeMap<String, List<Work>>();
        for (var entry : Objects.requireNonNull(said.value())) {
            read(holding, entry, page, apart);
            if (aside == null) {
                memory.position = entry.id();
            } else {
                aside.position = entry.id();
            }
        }
        apart.forEach((name, works) -> memory.moves.add(new Move(name, works, memory.position, false)));
    }

    private void read(Holding<Memory> holding, Entry entry, String page, Map<String, List<Work>> apart) {
        var memory = holding.memory;
        var open = new Open(entry, page);
        var finished = entry.redelivered() ? seen(holding, entry) : List.<Boolean>of();
        var at = 0;
        for (var event : platform.read(entry.batch())) {
            var work = new Work(event, open);
            var aside = page.isEmpty() ? memory.asides.get(event.page()) : null;
            if (!event.isFor(subscription)) {
                open.filtered++;
                memory.close(work);
            } else if (aside != null && SetAside.covers(aside.boundary, entry.id())) {
                memory.close(work);
            } else if (!finished.isEmpty() && finished.get(at)) {
                memory.close(work);
            } else if (aside != null) {
                apart.computeIfAbsent(event.page(), ignored -> new ArrayList<>())
                        .add(work);
            } else if (memory.hasInHand(event)) {
                memory.close(work);
            } else {
                memory.waiting.add(work);
            }
            at++;
        }
    }

    private List<Boolean> seen(Holding<Memory> holding, Entry entry) {
        var asked = platform.read(entry.batch()).stream().map(SimEvent::guarded).toList();
        var said = world.fenced(
                holding.partition,
                group,
                holding.fence,
                () -> world.store.seen(holding.partition, subscription, holding.fence, asked));
        return said.lost() ? List.of() : Objects.requireNonNull(said.value());
    }

    // The page that fills the window, if none of its events is with the bot.
    private @Nullable String leaving(Memory memory) {
        var all = memory.inHand("");
        if (all < WINDOW) {
            return null;
        }
        var counts = new TreeMap<String, Integer>();
        for (var work : memory.waiting) {
            if (work.open().page.isEmpty()) {
                counts.merge(work.event().page(), 1, Integer::sum);
            }
        }
        for (var of : counts.entrySet()) {
            var page = of.getKey();
            var runs =
                    memory.running.stream().anyMatch(work -> work.event().page().equals(page));
            if (of.getValue() * 2 > all && (!runs || world.has(Flaw.ASIDE_WHILE_RUNNING))) {
                return page;
            }
        }
        return null;
    }

    private Runnable leave(Holding<Memory> holding, String page) {
        var memory = holding.memory;
        var works = memory.waiting.stream()
                .filter(work -> work.event().page().equals(page))
                .toList();
        memory.waiting.removeAll(works);
        var move = new Move(page, works, memory.position, true);
        memory.moves.add(move);
        return () -> move(holding, move);
    }

    private void move(Holding<Memory> holding, Move move) {
        var memory = holding.memory;
        var works = world.has(Flaw.ASIDE_BACKWARDS) ? move.works().reversed() : move.works();
        var lines = works.stream()
                .map(work -> new SetAside.Lines(1, work.event().line()))
                .toList();
        var events = new SetAside(move.page(), move.boundary(), lines, PAGES_MAX, ASIDE_BYTES_MAX);
        var said = world.fenced(
                holding.partition,
                group,
                holding.fence,
                () -> world.store.setAside(holding.partition, subscription, holding.fence, events));
        if (said.lost() && !world.has(Flaw.ASIDE_UNSURE)) {
            return;
        }
        if (!said.lost() && !Objects.requireNonNull(said.value())) {
            if (move.leaving()) {
                memory.moves.remove(move);
                memory.waiting.addAll(move.works());
            }
            return;
        }
        memory.moves.remove(move);
        memory.asides.computeIfAbsent(move.page(), ignored -> new Aside("")).boundary = move.boundary();
        move.works().forEach(memory::close);
    }

    // Nobody waits for it, and it fails if another holder has meanwhile taken the page back.
    private void trimAside(Holding<Memory> holding, String page) {
        var unused = world.store.trimAside(holding.partition, subscription, page);
    }

    private void rejoin(Holding<Memory> holding, String page) {
        var said = world.fenced(
                holding.partition,
                group,
                holding.fence,
                () -> world.store.rejoin(holding.partition, subscription, holding.fence, page));
        if (said.lost()) {
            then(holding, () -> rejoin(holding, page));
        } else if (Objects.requireNonNull(said.value())) {
            holding.memory.asides.remove(page);
        }
    }

    // The bot is given heads of conversations, and has done with some.
    private Runnable work(Holding<Memory> holding) {
        var memory = holding.memory;
        var held = new HashSet<Integer>();
        memory.running.forEach(work -> held.add(work.event().conversation()));
        for (var work : List.copyOf(memory.waiting)) {
            if (world.has(Flaw.TWO_AT_ONCE) || held.add(work.event().conversation())) {
                if (world.chance(0.7)) {
                    memory.waiting.remove(work);
                    memory.running.add(work);
                }
            }
        }
        var done = new ArrayList<Work>();
        for (var work : memory.running) {
            if (world.chance(0.7)) {
                done.add(work);
            }
        }
        memory.running.removeAll(done);
        done.forEach(memory::close);
        if (done.isEmpty() && memory.closed.isEmpty()) {
            return () -> {};
        }
        var entries = memory.closed.stream()
                .map(open -> new FinishedEntry(open.id, open.count, open.filtered, open.page))
                .toList();
        memory.closed.clear();
        var events = done.stream().map(this::finished).toList();
        return () -> commit(holding, events, entries);
    }

    private void commit(Holding<Memory> holding, List<Finished> events, List<FinishedEntry> entries) {
        var said = world.fenced(
                holding.partition,
                group,
                holding.fence,
                () -> world.store.commit(holding.partition, subscription, holding.fence, events, entries));
        if (said.lost()) {
            then(holding, () -> commit(holding, events, entries));
        }
    }

    private Finished finished(Work work) {
        var event = work.event();
        return event.isRejected()
                ? new Finished.Dead(event.guarded(), "rejected", 1, event.line())
                : new Finished.Done(
                        event.guarded(),
                        event.replies(subscription).stream()
                                .map(reply -> reply.getBytes(UTF_8))
                                .toList());
    }
}
