// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spillway.gateway.stream.SimWorld.SimEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** Takes events in order, answers each with one or two replies, commits conversations apart. */
final class SimWorker extends SimActor<SimWorker.Memory> {
    private static final int WINDOW = 6;

    private static final class Open {
        private final Entry entry;
        private int left;

        Open(Entry entry) {
            this.entry = entry;
            this.left = entry.count();
        }
    }

    private record Work(SimEvent event, Open open) {}

    /** A partition in memory. */
    static final class Memory {
        private String position = "0";
        private final List<Work> works = new ArrayList<>();
        private final List<Open> closed = new ArrayList<>();
    }

    private final Subscription subscription;
    private final List<String> groups;

    SimWorker(SimWorld world, Subscription subscription, String name, List<String> groups) {
        super(world, StreamGroup.of(subscription), name);
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
        if (world.chance(0.05)) {
            return () -> trim(holding.partition, groups);
        }
        if (memory.works.size() < WINDOW && world.chance(0.5)) {
            return () -> take(holding);
        }
        return ready(holding);
    }

    private void take(Holding<Memory> holding) {
        var memory = holding.memory;
        var said = world.fenced(
                holding.partition,
                group,
                holding.fence,
                () -> world.store.take(holding.partition, group, holding.fence, memory.position, WINDOW, 1000));
        if (said.lost()) {
            return;
        }
        for (var entry : Objects.requireNonNull(said.value())) {
            memory.position = entry.id();
            var open = new Open(entry);
            for (var line : new String(entry.batch(), UTF_8).lines().toList()) {
                var event = SimEvent.parse(line);
                if (memory.works.stream().anyMatch(work -> work.event().number() == event.number())) {
                    close(memory, open);
                } else {
                    memory.works.add(new Work(event, open));
                }
            }
        }
    }

    private static void close(Memory memory, Open open) {
        open.left--;
        if (open.left == 0) {
            memory.closed.add(open);
        }
    }

    // Some of the events whose conversation has nothing earlier open, and the entries that end with them.
    private Runnable ready(Holding<Memory> holding) {
        var memory = holding.memory;
        var waiting = new HashSet<Integer>();
        var chosen = new ArrayList<Work>();
        for (var work : memory.works) {
            if (waiting.contains(work.event().conversation()) || world.chance(0.3)) {
                waiting.add(work.event().conversation());
            } else {
                chosen.add(work);
            }
        }
        memory.works.removeAll(chosen);
        chosen.forEach(work -> close(memory, work.open()));
        var entries = memory.closed.stream()
                .map(open -> new FinishedEntry(open.entry.id(), open.entry.count(), 0))
                .toList();
        memory.closed.clear();
        var events = chosen.stream().map(this::finished).toList();
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
        if (event.number() % 7 == 6) {
            return new Finished.Dead(
                    event.guarded(), "rejected", 1, event.line().getBytes(UTF_8));
        }
        return new Finished.Done(event.guarded(), replies(subscription, event));
    }

    static List<byte[]> replies(Subscription subscription, SimEvent event) {
        return IntStream.range(0, 1 + event.number() % 2)
                .mapToObj(ordinal ->
                        ReplyId.of(event.partition(), event.key(), subscription, ordinal) + " " + event.conversation())
                .map(line -> line.getBytes(UTF_8))
                .toList();
    }
}
