// SPDX-License-Identifier: Apache-2.0
package dev.spillway.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Sends replies, one of a conversation at a time, and resolves what is in doubt: of even replies again, of odd never. */
final class SimDispatcher extends SimActor<SimDispatcher.Memory> {
    private static final long DOUBT_MS = 5000;

    private enum Stage {
        NEW,
        BEGUN,
        DOUBT
    }

    private static final class Sending {
        private final ReplyId reply;
        private final String conversation;
        private final Open open;
        private Stage stage = Stage.NEW;
        private int attempt = 1;
        private long deadlineMs;

        Sending(String line, Open open) {
            var parts = line.split(" ", -1);
            this.reply = Objects.requireNonNull(ReplyId.parse(parts[0]));
            this.conversation = parts[1];
            this.open = open;
        }

        ReplyAttempt attempt() {
            return new ReplyAttempt(reply, 500_000, attempt);
        }
    }

    private static final class Open {
        private final String id;
        private final List<Sending> sendings = new ArrayList<>();
        private int left;

        Open(String id) {
            this.id = id;
        }

        SealedEntry sealed() {
            return new SealedEntry(id, sendings.stream().map(Sending::attempt).toList());
        }
    }

    /** A partition in memory. */
    static final class Memory {
        private String position = "0";
        private final List<Sending> sendings = new ArrayList<>();
        private List<Sealed> sealed = new ArrayList<>();
        private List<SealedEntry> entries = new ArrayList<>();
        private List<Sealed> settling = new ArrayList<>();
    }

    SimDispatcher(SimWorld world, String name) {
        super(world, StreamGroup.DISPATCH, name);
    }

    static boolean resent(ReplyId reply) {
        return reply.toString().hashCode() % 2 == 0;
    }

    @Override
    Memory fresh() {
        return new Memory();
    }

    @Override
    void forgetting(Holding<Memory> holding) {
        for (var sending : holding.memory.sendings) {
            if (sending.stage != Stage.NEW) {
                world.doubts.add(sending.reply.toString());
            }
        }
        // Sent and not settled: the next holder cannot know.
        for (var sealed : List.of(holding.memory.sealed, holding.memory.settling)) {
            for (var one : sealed) {
                world.doubts.add(one.attempt().reply().toString());
                if (one instanceof Sealed.Refused) {
                    world.refusalsForgotten.add(one.attempt().reply().toString());
                }
            }
        }
    }

    @Override
    Runnable decide(Holding<Memory> holding) {
        var memory = holding.memory;
        if (world.chance(0.05)) {
            return () -> trim(holding.partition, List.of("d"));
        }
        if (world.chance(0.2)) {
            return () -> take(holding);
        }
        var settles = !memory.sealed.isEmpty() || !memory.entries.isEmpty();
        if (settles && world.chance(0.3)) {
            memory.settling = memory.sealed;
            memory.sealed = new ArrayList<>();
            var entries = memory.entries;
            memory.entries = new ArrayList<>();
            return () -> settle(holding, entries);
        }
        var head = head(memory);
        return head == null ? () -> {} : () -> advance(holding, head);
    }

    private @Nullable Sending head(Memory memory) {
        var conversation = Integer.toString(world.random.nextInt(SimWorld.CONVERSATIONS));
        return memory.sendings.stream()
                .filter(sending -> sending.conversation.equals(conversation))
                .findFirst()
                .orElse(null);
    }

    private void take(Holding<Memory> holding) {
        var memory = holding.memory;
        var said = world.fenced(
                holding.partition,
                group,
                holding.fence,
                () -> world.store.take(holding.partition, group, holding.fence, memory.position, 8, 10_000));
        if (said.lost()) {
            return;
        }
        for (var entry : Objects.requireNonNull(said.value())) {
            memory.position = entry.id();
            var open = new Open(entry.id());
            new String(entry.batch(), UTF_8)
                    .lines()
                    .map(line -> new Sending(line, open))
                    .forEach(open.sendings::add);
            open.left = open.sendings.size();
            memory.sendings.addAll(open.sendings);
        }
    }

    private void advance(Holding<Memory> holding, Sending sending) {
        switch (sending.stage) {
            case NEW -> begin(holding, sending, false);
            case BEGUN -> send(holding, sending);
            case DOUBT -> resolve(holding, sending);
        }
    }

    private void begin(Holding<Memory> holding, Sending sending, boolean again) {
        var attempts = List.of(sending.attempt());
        var said = world.fenced(
                holding.partition,
                group,
                holding.fence,
                () -> world.store.begin(holding.partition, holding.fence, attempts, again));
        if (said.lost()) {
            then(holding, () -> begin(holding, sending, again));
            return;
        }
        switch (Objects.requireNonNull(said.value()).getFirst()) {
            case SEND -> sending.stage = Stage.BEGUN;
            case FINISHED -> close(holding.memory, sending);
            case IN_DOUBT -> doubt(sending);
        }
    }

    private void doubt(Sending sending) {
        sending.stage = Stage.DOUBT;
        sending.deadlineMs = world.monoMs + DOUBT_MS;
    }

    private void send(Holding<Memory> holding, Sending sending) {
        if (!isValid(holding)) {
            abort(holding, sending);
            return;
        }
        var fate = world.faults ? world.random.nextInt(10) : 9;
        if (fate == 0) {
            abort(holding, sending);
        } else if (fate == 1) {
            world.doubts.add(sending.reply.toString());
            if (world.chance(0.5)) {
                world.send(sending.reply);
            }
            doubt(sending);
        } else if (fate == 2) {
            seal(holding, sending, new Sealed.Refused(sending.attempt(), holding.fence.epoch(), "no", new byte[0]));
        } else {
            world.send(sending.reply);
            seal(holding, sending, new Sealed.Sent(sending.attempt(), holding.fence.epoch()));
        }
    }

    private void abort(Holding<Memory> holding, Sending sending) {
        if (world.call(() -> world.store.abort(holding.partition, holding.fence, sending.attempt()))
                .lost()) {
            then(holding, () -> abort(holding, sending));
        } else {
            sending.attempt++;
            sending.stage = Stage.NEW;
        }
    }

    private void resolve(Holding<Memory> holding, Sending sending) {
        var rows = world.call(() -> world.store.rows(holding.partition, List.of(sending.reply)));
        if (rows.lost()) {
            return;
        }
        var row = Objects.requireNonNull(rows.value()).getFirst();
        var attempt = new ReplyAttempt(sending.reply, 500_000, row.attempt());
        switch (row.state()) {
            case SEEN -> seal(holding, sending, new Sealed.Sent(attempt, row.epoch()));
            case NONE, DONE, REFUSED, PARKED -> sending.stage = Stage.NEW;
            case SENDING -> {
                if (world.monoMs < sending.deadlineMs) {
                    return;
                }
                if (resent(sending.reply)) {
                    sending.attempt++;
                    begin(holding, sending, true);
                } else {
                    seal(holding, sending, new Sealed.Refused(attempt, row.epoch(), "in-doubt", new byte[0]));
                }
            }
        }
    }

    private void seal(Holding<Memory> holding, Sending sending, Sealed sealed) {
        holding.memory.sealed.add(sealed);
        close(holding.memory, sending);
    }

    private static void close(Memory memory, Sending sending) {
        memory.sendings.remove(sending);
        sending.open.left--;
        if (sending.open.left == 0) {
            memory.entries.add(sending.open.sealed());
        }
    }

    private void settle(Holding<Memory> holding, List<SealedEntry> entries) {
        var settling = holding.memory.settling;
        try {
            var said = world.fenced(
                    holding.partition,
                    group,
                    holding.fence,
                    () -> world.store.settle(holding.partition, holding.fence, settling, entries));
            if (said.lost()) {
                then(holding, () -> settle(holding, entries));
            } else {
                holding.memory.settling = new ArrayList<>();
            }
        } catch (LeaseLost lost) {
            for (var sealed : settling) {
                if (sealed instanceof Sealed.Sent sent) {
                    world.call(() -> world.store.sentLate(holding.partition, holding.fence, sent.attempt()));
                }
            }
            throw lost;
        }
    }
}
